namespace ProfileService.Windows;

/// <summary>The kinds that every service knows.</summary>
internal static class EventKinds
{
    public const string View = "view";
    public const string Click = "click";
    public const string Cart = "cart";
    public const string Purchase = "purchase";
    public const string Rating = "rating";
    public const string Review = "review";
    public const string Like = "like";
    public const string Dislike = "dislike";
    public const string Share = "share";
    public const string Search = "search";

    /// <summary>All of them. The order is part of the stored format: new ones go to the end.</summary>
    public static readonly IReadOnlyList<string> Known = [View, Click, Cart, Purchase, Rating, Review, Like, Dislike, Share, Search];
}
