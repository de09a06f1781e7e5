using System.Collections.Concurrent;
using ProfileService.Windows;

namespace ProfileService.TestServers.Faults;

/// <summary>What clients sent and what was acknowledged: all that the oracle knows.</summary>
internal sealed class SentLog
{
    private readonly ConcurrentDictionary<WindowEvent, DateTimeOffset?> _events = new(ReferenceEqualityComparer.Instance);
    private readonly ConcurrentQueue<(DateTimeOffset From, DateTimeOffset To)> _atRisk = new();

    public int Posted => _events.Count;

    public int Acknowledged => _events.Values.Count(at => at is not null);

    /// <summary>Notes events before they leave: from now on they may be in a window.</summary>
    public void Add(IEnumerable<WindowEvent> events)
    {
        foreach (var e in events)
            _events.TryAdd(e, null);
    }

    /// <summary>Notes events that were answered as stored: from now on they must count.</summary>
    public void Acknowledge(IEnumerable<WindowEvent> events)
    {
        foreach (var e in events)
            _events.TryUpdate(e, TimeProvider.System.GetUtcNow(), null);
    }

    /// <summary>Says that what was acknowledged since then is not promised: an asynchronous replica may lack it.</summary>
    public void Risk(TimeSpan before) => _atRisk.Enqueue((TimeProvider.System.GetUtcNow() - before, TimeProvider.System.GetUtcNow()));

    public IEnumerable<SentEvents> Users() => _events
        .GroupBy(pair => pair.Key.UserId, (user, sent) =>
            new SentEvents(user, [.. sent.Select(pair => pair.Key)],
                [.. sent.Where(pair => IsPromised(pair.Value)).Select(pair => pair.Key)]));

    private bool IsPromised(DateTimeOffset? at) => at is { } time && !_atRisk.Any(risk => time >= risk.From && time <= risk.To);
}

/// <summary>One user's events.</summary>
/// <param name="All">Every one that was sent: it may be in the window.</param>
/// <param name="Promised">Those that were acknowledged: the window is a function of at least these.</param>
internal sealed record SentEvents(string User, IReadOnlyList<WindowEvent> All, IReadOnlyList<WindowEvent> Promised);
