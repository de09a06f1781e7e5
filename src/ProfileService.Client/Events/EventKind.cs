namespace ProfileService.Client;

/// <summary>The kinds of events that every service knows.</summary>
public static class EventKind
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
}
