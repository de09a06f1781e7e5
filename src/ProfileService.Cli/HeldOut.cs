using ProfileService.Windows;

namespace ProfileService.Cli;

/// <summary>A user's history before one event, and the item of that event, which the profile of what came before is to find.</summary>
internal sealed record HeldOut(Window Context, string Target)
{
    private const int FewestEvents = 4; // of the whole history

    /// <summary>Null where the user does not count: it has too few events, or has met the target before.</summary>
    /// <param name="fromEnd">Which event is the target; 1 is the last.</param>
    public static HeldOut? Of(Window history, int fromEnd)
    {
        if (history.Events.Count < FewestEvents)
            return null;
        var context = history.Events.SkipLast(fromEnd).ToList();
        var target = history.Events[context.Count].ItemId;
        return context.Exists(e => e.ItemId == target) ? null : new HeldOut(new Window(history.UserId, context), target);
    }
}
