using System.Collections.Concurrent;
using ProfileService.Platform;
using ProfileService.Windows.Codec;

namespace ProfileService.Windows;

/// <summary>Counts stored windows that differ from what was written, and logs each of their users at most once an hour.</summary>
internal sealed partial class AlteredWindows
{
    private const int MaxNamed = 1_000; // users; when there are more, all are forgotten and may be logged again
    private static readonly TimeSpan LogInterval = TimeSpan.FromHours(1);

    private readonly string _store;
    private readonly ProfileMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<AlteredWindows> _logger;
    private readonly ConcurrentDictionary<string, long> _namedAt = [];

    /// <param name="store">Name of the store in the log and the metric.</param>
    public AlteredWindows(string store, ProfileMetrics metrics, ErasedUsers erased, TimeProvider time, ILogger<AlteredWindows> logger)
    {
        (_store, _metrics, _time, _logger) = (store, metrics, time, logger);
        erased.Subscribe(() => _namedAt.Keys, userId => _namedAt.TryRemove(userId, out _));
    }

    /// <summary>Records the window if it was altered. Returns the window.</summary>
    public EncodedWindow? Check(string userId, EncodedWindow? found)
    {
        if (found is { IsAltered: true })
            Note(userId);
        return found;
    }

    /// <summary>Records the revision if it was altered. Returns the revision.</summary>
    public long? Check(string userId, long? revision)
    {
        if (revision == CheckedRevision.Altered)
            Note(userId);
        return revision;
    }

    /// <summary>The window; null if it cannot be read.</summary>
    public Window? TryDecode(string userId, EncodedWindow found)
    {
        try
        {
            return found.IsAltered ? null : WindowCodec.Decode(userId, found.Bytes);
        }
        catch (InvalidDataException)
        {
            Note(userId);
            return null;
        }
    }

    /// <exception cref="UnreadableWindowException">It cannot be read.</exception>
    public StoredWindow? Decode(string userId, EncodedWindow? found) =>
        found is null ? null : new StoredWindow(TryDecode(userId, found) ?? throw new UnreadableWindowException(), found.Revision);

    private void Note(string userId)
    {
        _metrics.CountAltered("window", _store);
        var now = _time.GetTimestamp();
        if (_namedAt.TryGetValue(userId, out var named) && _time.GetElapsedTime(named, now) < LogInterval)
            return;
        if (_namedAt.Count >= MaxNamed)
            _namedAt.Clear();
        _namedAt[userId] = now;
        LogAltered(userId, _store);
    }

    [LoggerMessage(Level = LogLevel.Error,
        Message = "The window of user {UserId} in {Store} was altered or cut: it is not answered, new events of the user are refused, " +
            "and the profile stays as it is. 'profiles rebuild-windows --users' restores it from the archive; without one, delete it " +
            "(docs/operations.md, Damaged windows and files)")]
    private partial void LogAltered(string userId, string store);
}
