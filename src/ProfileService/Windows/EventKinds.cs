namespace ProfileService.Windows;

/// <summary>The kinds that every service knows. Their order is part of the stored format: new ones go to the end.</summary>
internal static class EventKinds
{
    public static readonly IReadOnlyList<string> Known =
        ["view", "click", "cart", "purchase", "rating", "review", "like", "dislike", "share", "search"];
}
