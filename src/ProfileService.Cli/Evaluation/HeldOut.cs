using ProfileService.Model;
using ProfileService.Windows;

namespace ProfileService.Cli.Evaluation;

/// <summary>
/// A user's window before one event, and the item of that event: the target, which the profile of the window should rank high.
/// </summary>
/// <param name="Masked">Events whose items are not ranked.</param>
internal sealed record HeldOut(Window Context, string Target, IReadOnlyList<WindowEvent> Masked)
{
    private const int MinEvents = 4; // of the whole history

    /// <summary>Holds out one of the newest events. Returns null if the user has too few, or if the target is masked.</summary>
    /// <param name="fromEnd">Position of the target event from the end; 1 is the last event.</param>
    /// <param name="rules">Null for windows of all events.</param>
    public static HeldOut? Of(Window history, int fromEnd, WindowRules? rules = null)
    {
        if (history.Events.Count < MinEvents)
            return null;
        var before = history.Events.SkipLast(fromEnd).ToList();
        var window = rules is null ? before : EvaluationRules.Newest(before, rules);
        var masked = rules?.Mask == WindowRules.Window ? window : before;
        return Of(history.UserId, window, history.Events[before.Count], masked);
    }

    /// <summary>
    /// Holds out what the user did after a moment: the first event of an item that is not in the window which the service would have had
    /// then. Returns null if the window is empty or there is no such event.
    /// </summary>
    public static HeldOut? After(Window history, long moment, WindowRules rules)
    {
        var window = Window.Empty(history.UserId);
        foreach (var e in history.Events.Where(e => e.Timestamp <= moment))
            window.Append(e, EvaluationRules.ToOptions(rules), out _);
        var known = window.Events.Select(e => e.ItemId).ToHashSet();
        var later = history.Events.Where(e => e.Timestamp > moment).Order(EventOrder.Instance)
            .FirstOrDefault(e => !known.Contains(e.ItemId));
        return known.Count == 0 || later is null ? null : Of(history.UserId, window.Events, later, window.Events);
    }

    private static HeldOut? Of(string userId, IEnumerable<WindowEvent> window, WindowEvent target, IReadOnlyList<WindowEvent> masked) =>
        masked.Any(e => e.ItemId == target.ItemId) ? null : new HeldOut(new Window(userId, [.. window]), target.ItemId, masked);
}
