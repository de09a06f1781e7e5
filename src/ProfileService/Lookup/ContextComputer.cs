using Microsoft.Extensions.Options;
using ProfileService.Attributes;
using ProfileService.Items;
using ProfileService.Model;
using ProfileService.Platform;
using ProfileService.Refresh;
using ProfileService.Storage;
using ProfileService.Windows;

namespace ProfileService.Lookup;

/// <summary>
/// Computes the profile that a user would have after viewing the items of a context now, as a refresh would. Nothing is stored.
/// </summary>
internal sealed class ContextComputer(
    IWindowStore windows,
    AttributeStore attributes,
    ProfileComputer computer,
    ItemCatalogue catalogue,
    IOptions<WindowOptions> options,
    TimeProvider time)
{
    /// <param name="userId">A valid id; a user without events has the context alone.</param>
    public async Task<ContextProfile> ComputeAsync(
        string userId, RecommendationContext context, ActiveModel model, CancellationToken cancellationToken)
    {
        var stored = await windows.FindAsync(userId, cancellationToken);
        var known = await attributes.FindAsync(userId, cancellationToken);
        var window = new Window(stored?.Window.UserId ?? userId, [.. stored?.Window.Events ?? []]);
        foreach (var view in ViewsOf(context, window))
            window.Append(view, options.Value, out _);
        var profile = computer.ComputeAlone(model, window, known);
        return new ContextProfile(window.UserId, stored?.Revision ?? 0, VectorBytes.ToFloats(profile.Vector), window.Events);
    }

    /// <summary>A view of each item, newer than all events of the window.</summary>
    private IEnumerable<WindowEvent> ViewsOf(RecommendationContext context, Window window)
    {
        var newest = window.Events is [.., var last] ? last.Timestamp : 0;
        var first = Math.Max(EventTime.FromUtc(time.GetUtcNow().UtcDateTime), newest + 1);
        return context.ItemIds.Select((item, i) =>
            new WindowEvent(window.UserId, EventKinds.View, item, first + i, Categories: catalogue.Find(item)?.Categories));
    }
}

/// <summary>The profile of a user in a context.</summary>
/// <param name="Revision">Revision of the stored window; 0 if there is none.</param>
/// <param name="Vector">[D]</param>
/// <param name="Events">Those of the window, and a view of each item of the context.</param>
internal sealed record ContextProfile(string UserId, long Revision, float[] Vector, IReadOnlyList<WindowEvent> Events);
