using ProfileService.Windows;

namespace ProfileService.Attribution;

/// <summary>What became of recommendations.</summary>
/// <param name="Shown">Items that answers listed.</param>
/// <param name="Clicked">Events of these recommendations that looked at an item.</param>
/// <param name="Bought">Events of these recommendations that purchased one.</param>
internal readonly record struct OutcomeCounts(long Shown, long Clicked, long Bought)
{
    public static OutcomeCounts OfAnswer(int items) => new(items, 0, 0);

    /// <summary>What an event of this kind counts as; zeros if as nothing.</summary>
    public static OutcomeCounts OfEvent(string kind) => kind switch
    {
        EventKinds.View or EventKinds.Click => new(0, 1, 0),
        EventKinds.Purchase => new(0, 0, 1),
        _ => default,
    };

    public OutcomeCounts Plus(OutcomeCounts other) => new(Shown + other.Shown, Clicked + other.Clicked, Bought + other.Bought);
}
