using ProfileService.Windows;

namespace ProfileService.Cli;

/// <summary>
/// A user's history before one event, and the item of that event: the target, which the profile of the history should rank high.
/// </summary>
internal sealed record HeldOut(Window Context, string Target)
{
    private const int MinEvents = 4; // of the whole history

    /// <summary>Returns null if the user has too few events, or if the target occurs in the history.</summary>
    /// <param name="fromEnd">Position of the target event from the end; 1 is the last event.</param>
    public static HeldOut? Of(Window history, int fromEnd)
    {
        if (history.Events.Count < MinEvents)
            return null;
        var context = history.Events.SkipLast(fromEnd).ToList();
        var target = history.Events[context.Count].ItemId;
        return context.Exists(e => e.ItemId == target) ? null : new HeldOut(new Window(history.UserId, context), target);
    }
}
