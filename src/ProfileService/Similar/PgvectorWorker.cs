using Npgsql;
using ProfileService.Model;
using ProfileService.Platform;
using ProfileService.Profiles;
using ProfileService.Purposes;
using ProfileService.Storage;
using ProfileService.Windows;

namespace ProfileService.Similar;

/// <summary>
/// Copies vectors into <see cref="PgvectorTable"/> in the background: those that this process stores, within about a second. At start,
/// after a failure and once an hour it reads all profiles, copies the vectors that are missing, and deletes those that have no profile.
/// Several processes may copy at the same time: the newest revision wins. Copying goes on while the index is built
/// (<see cref="PgvectorBuild"/>). A table that was dropped is made anew, and so is an index.
/// </summary>
internal sealed partial class PgvectorWorker : BackgroundService
{
    private const int MaxWaiting = 20_000; // users; if there are more, a sweep finds the rest
    private const int BatchSize = 500;

    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SweepInterval = TimeSpan.FromHours(1);

    private readonly WaitingUsers _waiting = new(MaxWaiting); // whose profiles were stored
    private readonly Signal _stored;
    private readonly PgvectorTable _table;
    private readonly PgvectorIndexes _indexes;
    private readonly PgvectorBuild _build;
    private readonly ModelSlot _models;
    private readonly ModelRegistry _registry;
    private readonly KeepingRule _rule;
    private readonly TimeProvider _time;
    private readonly ILogger<PgvectorWorker> _logger;
    private volatile VectorSpace? _indexed; // of the model whose index is searched
    private volatile VectorSpace? _swept; // of the model of the last sweep; null if another is needed
    private volatile bool _isLost; // whether the table or the index was not there
    private long _sweptAt;

    public PgvectorWorker(
        PgvectorTable table,
        PgvectorIndexes indexes,
        StoredFeed feed,
        ModelSlot models,
        ModelRegistry registry,
        ErasedUsers erased,
        KeepingRule rule,
        TimeProvider time,
        ILogger<PgvectorWorker> logger)
    {
        (_table, _indexes, _models, _registry) = (table, indexes, models, registry);
        (_rule, _time, _logger, _stored) = (rule, time, logger, new Signal(time));
        _build = new PgvectorBuild(indexes, time, logger);
        feed.Subscribe(Take);
        erased.Subscribe(_waiting.Snapshot, _waiting.Remove);
    }

    /// <summary>Whether the model's index can be searched.</summary>
    public bool IsReadyFor(VectorSpace space) => _indexed == space;

    /// <summary>
    /// Says that the table or its index was not there. What is missing is made anew, and nothing is searched by the index until then.
    /// </summary>
    public void IndexIsLost()
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
            }
            catch (Exception e)
            {
                LogFailed(e, Pause);
                _swept = null;
                if (e is PostgresException { SqlState: PostgresErrorCodes.UndefinedTable })
                    IndexIsLost();
                await Task.Delay(Pause, _time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        await _build.StopAsync();
    }

    private void Take(IReadOnlyList<Profile> stored)
    {
        if (!_table.IsOpen)
            return;
        foreach (var profile in stored.Where(p => p.Dimension <= PgvectorTable.MaxDimension))
        {
            var (userId, revision) = (profile.UserId, profile.Revision);
            if (!_waiting.TryAdd(userId, revision))
                _swept = null;
            else if (!_rule.MayKeep(userId, revision))
                _waiting.Remove(userId, revision);
        }

        _stored.Raise();
    }

    private async Task OpenAgainAsync(CancellationToken stoppingToken)
    {
        _swept = null;
        _build.Forget();
        if (await _table.OpenAsync(stoppingToken) is { } reason)
            throw new InvalidOperationException($"The table profile_vectors is not there, and cannot be made: {reason}.");
        _isLost = false;
    }

    /// <summary>
    /// Copies what is missing and what waits, and looks after the index. A valid one that this process did not build is searched at once:
    /// whoever built it had copied all vectors before. One that this process builds is searched when no vectors are missing any more.
    /// </summary>
    private async Task FillAsync(VectorSpace space, CancellationToken stoppingToken)
    {
        if (IsToSweep(space))
        {
            if (_indexed is not null || !_build.IsBegun)
                _indexed = await _indexes.HasAsync(space, stoppingToken) ? space : null;
            await SweepAsync(space, stoppingToken);
        }

        while (!IsToSweep(space) && await CopyWaitingAsync(space, stoppingToken))
        {
        }

        if (_swept != space || _indexed == space || !await _build.HasAsync(space, stoppingToken))
            return;
        _indexed = space;
        LogIndexed(space.Model.Id);
    }

    private bool IsToSweep(VectorSpace space) => _swept != space || _time.GetElapsedTime(_sweptAt) > SweepInterval;

    /// <summary>Copies the vectors of users that wait, up to <see cref="BatchSize"/>. Returns whether there were any.</summary>
    private async Task<bool> CopyWaitingAsync(VectorSpace space, CancellationToken stoppingToken)
    {
        var users = _waiting.Take(BatchSize);
        if (users.Count > 0)
            await _table.StoreAsync(await _table.FindProfilesAsync(space, users, stoppingToken), space.Model, stoppingToken);
        return users.Count > 0;
    }

    private async Task SweepAsync(VectorSpace space, CancellationToken stoppingToken)
    {
        (_swept, _sweptAt) = (space, _time.GetTimestamp());
        var (after, filled) = ("", 0);
        while (await _table.FindPageAsync(space.Model, after, BatchSize, stoppingToken) is { Count: > 0 } page)
        {
            var missing = page.Where(p => p.Missing?.Length == space.Bytes)
                .Select(p => new VectorRow(p.UserId, p.Revision, p.Missing!)).ToList();
            filled += await _table.StoreAsync(missing, space.Model, stoppingToken);
            after = page[^1].UserId;
            await CopyWaitingAsync(space, stoppingToken); // those that wait do so no longer than a page
        }

        if (filled > 0)
            LogSwept(filled, space.Model.Id);
        for (var last = ""; last is not null;)
            last = await _table.DeleteOrphansAsync(space.Model, last, BatchSize, stoppingToken);
    }

    /// <summary>Empties the list of users that wait, because nothing is copied now. A later sweep finds their profiles.</summary>
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
