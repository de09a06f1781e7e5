using Npgsql;
using ProfileService.Model;
using ProfileService.Platform;
using ProfileService.Profiles;
using ProfileService.Storage;
using ProfileService.Windows;

namespace ProfileService.Similar;

/// <summary>
/// Copies vectors into <see cref="PgvectorTable"/> in the background: those that this process stores, within about a second. At start,
/// after a failure and once an hour it reads all profiles and copies the vectors that are missing. Several processes may copy at the same
/// time: the newest revision wins. A table that was dropped is made anew.
/// </summary>
internal sealed partial class PgvectorWorker : BackgroundService
{
    private const int MostWaiting = 20_000; // users; if there are more, a sweep finds the rest
    private const int BatchSize = 500;

    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BetweenSweeps = TimeSpan.FromHours(1);
    private static readonly TimeSpan BetweenBuilds = TimeSpan.FromSeconds(5);

    private readonly WaitingUsers _waiting = new(MostWaiting); // whose profiles were stored
    private readonly Signal _stored;
    private readonly PgvectorTable _table;
    private readonly PgvectorIndexes _indexes;
    private readonly ModelSlot _models;
    private readonly ModelRegistry _registry;
    private readonly ErasedUsers _erased;
    private readonly UserAliases _aliases;
    private readonly TimeProvider _time;
    private readonly ILogger<PgvectorWorker> _logger;
    private volatile VectorSpace? _indexed; // of the model whose index exists
    private volatile VectorSpace? _swept; // of the model of the last sweep; null if another is needed
    private volatile bool _isLost; // whether the table was not there
    private long _sweptAt;
    private long? _triedToBuildAt;

    public PgvectorWorker(
        PgvectorTable table,
        PgvectorIndexes indexes,
        StoredFeed feed,
        ModelSlot models,
        ModelRegistry registry,
        ErasedUsers erased,
        UserAliases aliases,
        TimeProvider time,
        ILogger<PgvectorWorker> logger)
    {
        (_table, _indexes, _models, _registry) = (table, indexes, models, registry);
        (_erased, _aliases, _time, _logger, _stored) = (erased, aliases, time, logger, new Signal(time));
        feed.Subscribe(Take);
        erased.Subscribe(_waiting.Snapshot, _waiting.Remove);
    }

    /// <summary>Whether the model's index can be searched.</summary>
    public bool IsReadyFor(VectorSpace space) => _indexed == space;

    /// <summary>Says that the table was not there. It is made and filled anew, and cannot be searched until its index is built.</summary>
    public void TableIsLost()
    {
        (_indexed, _isLost) = (null, true);
        _stored.Raise();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!_table.IsOpen)
            return;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (_isLost)
                    await OpenAgainAsync(stoppingToken);
                var space = VectorSpace.Of(_models.Current);
                if (_registry.IsActive && space.Dimension <= PgvectorTable.MaxDimension)
                    await FillAsync(space, stoppingToken);
                else
                    Discard();
                await _stored.WaitAsync(Idle, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                LogFailed(e, Pause);
                _swept = null;
                if (e is PostgresException { SqlState: PostgresErrorCodes.UndefinedTable })
                    TableIsLost();
                await Task.Delay(Pause, _time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private void Take(IReadOnlyList<Profile> stored)
    {
        if (!_table.IsOpen)
            return;
        foreach (var profile in stored.Where(p => p.Dimension <= PgvectorTable.MaxDimension))
        {
            if (!_waiting.TryAdd(profile.UserId))
                _swept = null;
            else if (_erased.Covers(profile.UserId, profile.Revision) || _aliases.Find(profile.UserId) is not null)
                _waiting.Remove(profile.UserId);
        }

        _stored.Raise();
    }

    private async Task OpenAgainAsync(CancellationToken stoppingToken)
    {
        (_swept, _triedToBuildAt) = (null, null);
        if (await _table.OpenAsync(stoppingToken) is { } reason)
            throw new InvalidOperationException($"The table profile_vectors is not there, and cannot be made: {reason}.");
        _isLost = false;
    }

    private async Task FillAsync(VectorSpace space, CancellationToken stoppingToken)
    {
        var isToSweep = _swept != space || _time.GetElapsedTime(_sweptAt) > BetweenSweeps;
        if (isToSweep || _indexed != space)
            _indexed = await _indexes.HasAsync(space, stoppingToken) ? space : null;
        if (isToSweep)
            await SweepAsync(space, stoppingToken);
        if (_indexed != space) // built after the sweep: faster than inserting row by row
            await BuildAsync(space, stoppingToken);
        while (_waiting.Take(BatchSize) is { Count: > 0 } users)
            await _table.StoreAsync(await _table.FindProfilesAsync(space, users, stoppingToken), space.Model, stoppingToken);
    }

    private async Task BuildAsync(VectorSpace space, CancellationToken stoppingToken)
    {
        if (_triedToBuildAt is { } at && _time.GetElapsedTime(at) < BetweenBuilds)
            return;
        var isBuilt = await _indexes.BuildAsync(space, stoppingToken);
        _triedToBuildAt = _time.GetTimestamp();
        if (!isBuilt)
            return;
        _indexed = space;
        LogIndexed(space.Model.Id);
    }

    private async Task SweepAsync(VectorSpace space, CancellationToken stoppingToken)
    {
        (_swept, _sweptAt) = (space, _time.GetTimestamp());
        var (after, filled) = ("", 0);
        while (await _table.FindPageAsync(space.Model, after, BatchSize, stoppingToken) is { Count: > 0 } page)
        {
            var missing = page.Where(p => p.Missing?.Length == space.Bytes)
                .Select(p => new VectorRow(p.UserId, p.Revision, p.Missing!)).ToList();
            if (missing.Count > 0)
                await _table.StoreAsync(missing, space.Model, stoppingToken);
            (after, filled) = (page[^1].UserId, filled + missing.Count);
        }

        if (filled > 0)
            LogSwept(filled, space.Model.Id);
    }

    /// <summary>Keeps nobody waiting in vain. A later sweep finds them.</summary>
    private void Discard()
    {
        while (_waiting.Take(BatchSize).Count > 0)
            _swept = null;
    }

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Could not copy vectors to profile_vectors; retrying in {Pause}. " +
            "Until then similar users may lack new profiles")]
    private partial void LogFailed(Exception exception, TimeSpan pause);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Vectors} vectors of model {Model} were missing in profile_vectors")]
    private partial void LogSwept(int vectors, string model);

    [LoggerMessage(Level = LogLevel.Information, Message = "Similar users are found by an HNSW index from now on, model {Model}")]
    private partial void LogIndexed(string model);
}

/// <summary>A vector to be stored in <see cref="PgvectorTable"/>.</summary>
/// <param name="Vector">[D] float32, little-endian.</param>
internal sealed record VectorRow(string UserId, long Revision, byte[] Vector);
