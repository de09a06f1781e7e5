namespace ProfileService.Windows;

/// <summary>Replaces the texts of old events with what stays of them.</summary>
/// <param name="Before">Events before this time lose their texts; µs since 1970.</param>
/// <param name="Score">What stays of the texts of these events, in their order. It depends on the event alone.</param>
internal sealed record TextRemoval(long Before, Func<IReadOnlyList<WindowEvent>, IReadOnlyList<RemovedText>> Score)
{
    public bool Concerns(WindowEvent e) => e.Text is not null && e.Timestamp < Before;

    /// <summary>These events with old texts removed; the same list if there are none.</summary>
    public IReadOnlyList<WindowEvent> Apply(IReadOnlyList<WindowEvent> events)
    {
        var old = events.Where(Concerns).ToList();
        if (old.Count == 0)
            return events;
        var removed = new Queue<RemovedText>(Score(old));
        return [.. events.Select(e => Concerns(e) ? e with { Text = null, Removed = removed.Dequeue() } : e)];
    }

    /// <summary>The window with old texts removed; null if it has none.</summary>
    public Window? Apply(Window window) =>
        Apply(window.Events) is var events && ReferenceEquals(events, window.Events) ? null : new Window(window.UserId, [.. events]);
}
