using System.Threading.Channels;
using ProfileService.Model;
using ProfileService.Profiles;
using ProfileService.Storage;

namespace ProfileService.Similar;

/// <summary>
/// Copies vectors into <see cref="PgvectorTable"/> in the background: those that this process stores, within about a second. At start,
/// after a failure and once an hour it reads all profiles and copies the vectors that are missing. Several processes may copy at the same
/// time: the newest revision wins.
/// </summary>
internal sealed partial class PgvectorWorker : BackgroundService
{
    private const int Waiting = 20_000; // profiles in the queue; if it is full, a sweep finds the rest
    private const int BatchSize = 500;

    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BetweenSweeps = TimeSpan.FromHours(1);

    private readonly Channel<Profile> _stored = Channel.CreateBounded<Profile>(Waiting);
    private readonly PgvectorTable _table;
    private readonly ModelSlot _models;
    private readonly ModelRegistry _registry;
    private readonly TimeProvider _time;
    private readonly ILogger<PgvectorWorker> _logger;
    private volatile VectorSpace? _indexed; // of the model whose index exists
    private volatile VectorSpace? _swept; // of the model of the last sweep; null if another is needed
    private long _sweptAt;
    private Task? _arrival;

    public PgvectorWorker(
        PgvectorTable table, StoredFeed feed, ModelSlot models, ModelRegistry registry, TimeProvider time, ILogger<PgvectorWorker> logger)
    {
        (_table, _models, _registry, _time, _logger) = (table, models, registry, time, logger);
        feed.Subscribe(Take);
    }

    /// <summary>Whether the model's index can be searched.</summary>
    public bool IsReadyFor(VectorSpace space) => _indexed == space;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!_table.IsOpen)
            return;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var space = VectorSpace.Of(_models.Current);
                if (_registry.IsActive && space.Dimension <= PgvectorTable.MaxDimension)
                    await FillAsync(space, stoppingToken);
                else
                    Discard();
                await WaitAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                LogFailed(e, Pause);
                _swept = null;
                await Task.Delay(Pause, _time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private void Take(IReadOnlyList<Profile> stored)
    {
        if (!_table.IsOpen)
            return;
        foreach (var profile in stored.Where(p => p.Vector.Length <= PgvectorTable.MaxDimension * sizeof(float)))
        {
            if (!_stored.Writer.TryWrite(profile))
                _swept = null;
        }
    }

    private async Task FillAsync(VectorSpace space, CancellationToken stoppingToken)
    {
        if (_indexed != space && await _table.HasIndexAsync(space, stoppingToken))
            _indexed = space;
        if (_swept != space || _time.GetElapsedTime(_sweptAt) > BetweenSweeps)
            await SweepAsync(space, stoppingToken);
        if (_indexed != space) // built after the sweep: faster than inserting row by row
        {
            await _table.CreateIndexAsync(space, stoppingToken);
            _indexed = space;
            LogIndexed(space.Model.Id);
        }

        while (NextBatch(space) is { Count: > 0 } batch)
            await _table.StoreAsync(batch, space.Model, stoppingToken);
    }

    private async Task SweepAsync(VectorSpace space, CancellationToken stoppingToken)
    {
        (_swept, _sweptAt) = (space, _time.GetTimestamp());
        var (after, filled) = ("", 0);
        while (await _table.FindPageAsync(space.Model, after, BatchSize, stoppingToken) is { Count: > 0 } page)
        {
            var missing = page.Where(p => p.Missing?.Length == space.Dimension * sizeof(float))
                .Select(p => new VectorRow(p.UserId, p.Revision, p.Missing!)).ToList();
            if (missing.Count > 0)
                await _table.StoreAsync(missing, space.Model, stoppingToken);
            (after, filled) = (page[^1].UserId, filled + missing.Count);
        }

        if (filled > 0)
            LogSwept(filled, space.Model.Id);
    }

    /// <summary>Empties the queue, so that the next wait is one. A later sweep finds what was in it.</summary>
    private void Discard()
    {
        while (_stored.Reader.TryRead(out _))
            _swept = null;
    }

    /// <summary>Takes profiles of this model from the queue, the newest of each user.</summary>
    private List<VectorRow> NextBatch(VectorSpace space)
    {
        var batch = new Dictionary<string, VectorRow>(StringComparer.Ordinal);
        while (batch.Count < BatchSize && _stored.Reader.TryRead(out var profile))
        {
            if (profile.Space == space && !(batch.TryGetValue(profile.UserId, out var other) && other.Revision > profile.Revision))
                batch[profile.UserId] = new VectorRow(profile.UserId, profile.Revision, profile.Vector);
        }

        return [.. batch.Values];
    }

    /// <summary>
    /// Waits until a profile is stored, at most one second. The pending wait is kept for the next call, because a channel keeps every wait
    /// that was started.
    /// </summary>
    private async Task WaitAsync(CancellationToken stoppingToken)
    {
        _arrival ??= _stored.Reader.WaitToReadAsync(stoppingToken).AsTask();
        await Task.WhenAny(_arrival, Task.Delay(Idle, _time, stoppingToken));
        if (_arrival.IsCompleted)
            _arrival = null;
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
