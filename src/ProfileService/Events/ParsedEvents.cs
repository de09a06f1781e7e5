using ProfileService.Windows;

namespace ProfileService.Events;

/// <summary>The good events of a request or of a part of it, each with its place in the request, from 0.</summary>
internal sealed class ParsedEvents
{
    private readonly List<UserEvent> _events = [];
    private readonly List<long> _indexes = [];

    public IReadOnlyList<UserEvent> Events => _events;

    public int Count => _events.Count;

    public long IndexOf(int place) => _indexes[place];

    public void Add(long index, UserEvent parsed)
    {
        _events.Add(parsed);
        _indexes.Add(index);
    }

    public void Clear()
    {
        _events.Clear();
        _indexes.Clear();
    }
}
