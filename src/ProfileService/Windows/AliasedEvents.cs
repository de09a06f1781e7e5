using ProfileService.Intake;

namespace ProfileService.Windows;

/// <summary>The events of an append, those of aliases under the ids of their persons, without those from before an erasure.</summary>
internal sealed class AliasedEvents
{
    private readonly List<WindowEvent> _taken = [];
    private readonly List<int> _places = []; // of those that are taken, among all
    private readonly int _count;

    private AliasedEvents(IReadOnlyList<WindowEvent> events, UserAliases aliases)
    {
        _count = events.Count;
        for (var i = 0; i < events.Count; i++)
        {
            var alias = aliases.Find(events[i].UserId);
            if (events[i].Timestamp <= alias?.ErasedBefore)
                continue;
            _taken.Add(alias is null ? events[i] : events[i] with { UserId = alias.PersonId });
            _places.Add(i);
        }
    }

    public IReadOnlyList<WindowEvent> Taken => _taken;

    /// <summary>Null if none of the events is of an alias.</summary>
    public static AliasedEvents? Of(IReadOnlyList<WindowEvent> events, UserAliases aliases) =>
        aliases.IsAny && events.Any(e => aliases.Find(e.UserId) is not null) ? new AliasedEvents(events, aliases) : null;

    /// <summary>The verdicts of all events.</summary>
    /// <param name="ofTaken">Those of <see cref="Taken"/>.</param>
    public IReadOnlyList<Verdict> Verdicts(IReadOnlyList<Verdict> ofTaken)
    {
        var verdicts = new Verdict[_count];
        Array.Fill(verdicts, Verdict.Erased);
        for (var i = 0; i < _places.Count; i++)
            verdicts[_places[i]] = ofTaken[i];
        return verdicts;
    }
}
