namespace ProfileService.Windows;

/// <summary>Replaces the texts of old events by what stays of them.</summary>
/// <param name="Before">Events before this time lose their texts; µs since 1970.</param>
/// <param name="Score">What stays of the texts of these events, in their order. It depends on the event alone.</param>
internal sealed record TextRemoval(long Before, Func<IReadOnlyList<WindowEvent>, IReadOnlyList<RemovedText>> Score)
{
    public bool Concerns(WindowEvent e) => e.Text is not null && e.Timestamp < Before;

    /// <summary>The events without old texts; the same list if there are none.</summary>
    public IReadOnlyList<WindowEvent> Apply(IReadOnlyList<WindowEvent> events)
    {
        var old = events.Where(Concerns).ToList();
        if (old.Count == 0)
            return events;
        using var removed = Score(old).GetEnumerator();
        return [.. events.Select(e => Concerns(e) && removed.MoveNext() ? e with { Text = null, Removed = removed.Current } : e)];
    }

    /// <summary>The window without old texts; null if it has none.</summary>
    public Window? Apply(Window window) =>
        Apply(window.Events) is var events && ReferenceEquals(events, window.Events) ? null : new Window(window.UserId, [.. events]);
}
