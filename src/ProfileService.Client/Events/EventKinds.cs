namespace ProfileService.Client;

/// <summary>
/// The kinds of events that every service knows; a service can be set to take others beside them (<c>Events:ExtraKinds</c>).
/// </summary>
public static class EventKinds
{
    /// <summary>The user looked at the item.</summary>
    public const string View = "view";

    /// <summary>The user clicked on the item in a list.</summary>
    public const string Click = "click";

    /// <summary>The user put the item into the cart.</summary>
    public const string Cart = "cart";

    /// <summary>The user bought the item; the value is the price paid.</summary>
    public const string Purchase = "purchase";

    /// <summary>The user rated the item; the value is the rating.</summary>
    public const string Rating = "rating";

    /// <summary>The user wrote about the item; the text is what was written.</summary>
    public const string Review = "review";

    /// <summary>The user likes the item.</summary>
    public const string Like = "like";

    /// <summary>The user dislikes the item.</summary>
    public const string Dislike = "dislike";

    /// <summary>The user shared the item with others.</summary>
    public const string Share = "share";

    /// <summary>The user searched; the text is the query.</summary>
    public const string Search = "search";
}
