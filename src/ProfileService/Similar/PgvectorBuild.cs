using Npgsql;
using ProfileService.Storage;

namespace ProfileService.Similar;

/// <summary>
/// Builds the model's index in the background, so that vectors are copied meanwhile. The next attempt follows 5 seconds after one that did
/// not succeed; after failures the pause doubles, up to 5 minutes.
/// </summary>
internal sealed partial class PgvectorBuild(PgvectorIndexes indexes, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    private Task<bool>? _running;
    private long? _endedAt; // timestamp of the end of the last attempt
    private TimeSpan _pause = FirstPause;
    private bool _isRefusalLogged;

    /// <summary>Whether this process has tried to build the index since it last had it.</summary>
    public bool IsBegun => _running is not null || _endedAt is not null;

    /// <summary>Whether the index can be searched. If it cannot, this begins to build it, unless a build runs or the pause lasts.</summary>
    public async Task<bool> HasAsync(VectorSpace space, CancellationToken stoppingToken)
    {
        if (_running is { IsCompleted: false })
            return false;
        if (_running is not null)
            await EndAsync(_running, stoppingToken);
        if (await indexes.HasAsync(space, stoppingToken))
        {
            Forget();
            return true;
        }

        if (_endedAt is not { } at || time.GetElapsedTime(at) >= _pause)
            _running = indexes.BuildAsync(space, stoppingToken);
        return false;
    }

    /// <summary>The next attempt may follow at once.</summary>
    public void Forget() => (_endedAt, _pause) = (null, FirstPause);

    /// <summary>Completes when no build runs; does not throw.</summary>
    public async Task StopAsync()
    {
        if (_running is { } running)
            await ((Task)running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <exception cref="PostgresException">The table is not there.</exception>
    private async Task EndAsync(Task<bool> running, CancellationToken stoppingToken)
    {
        (_running, _endedAt) = (null, time.GetTimestamp());
        try
        {
            await running;
        }
        catch (Exception e) when (!stoppingToken.IsCancellationRequested
            && e is not PostgresException { SqlState: PostgresErrorCodes.UndefinedTable })
        {
            _pause = TimeSpan.FromTicks(Math.Min(2 * _pause.Ticks, LongestPause.Ticks));
            Log(e);
        }
    }

    /// <summary>A refusal lasts, and is logged once.</summary>
    private void Log(Exception failure)
    {
        var isRefusal = failure is PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege };
        if (!isRefusal)
            LogFailed(failure, _pause);
        else if (!_isRefusalLogged)
            LogRefused(failure);
        _isRefusalLogged |= isRefusal;
    }

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Could not build the index of profile_vectors; retrying in {Pause}. Until then similar users are searched in process")]
    private partial void LogFailed(Exception exception, TimeSpan pause);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "This database user may not build the index of profile_vectors, because the table is another user's. Similar users are "
            + "searched in process until a process that may has built it")]
    private partial void LogRefused(Exception exception);
}
