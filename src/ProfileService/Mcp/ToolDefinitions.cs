namespace ProfileService.Mcp;

/// <summary>All tools. Each one reads; none writes.</summary>
internal static class ToolDefinitions
{
    public const string Instructions = """
        This server knows what the users of an application did lately, and what fits them. Ids of users and items are the application's own;
        ask for them, do not guess. Begin with get_profile. Answers are of now, and change with what the user does: ask again rather than
        remember. An error says what is wrong and what to do. What a user's purposes do not allow is refused, and stays so.
        """;

    public static readonly IReadOnlyList<ToolDefinition> All =
    [
        new("get_profile", "Who is this user", "getProfile", """
            Who a user is now, from the user's newest events: interests by category with their shares, how active the user is and at which
            hours, what the last session was about, the level of prices, the tone of texts, and attributes that are known. A part without
            data is left out. evidence (0 to 1) says how much the profile is based on; freshness.stale that newer events are not in it yet:
            call again with fresh=true to wait for them. The answer has no events.
            """, "userId", "fresh") { Query = "include=dimensions", Without = ["vector", "explanation"] },

        new("explain_profile", "Why is the profile so", "getExplanation", """
            Why a user's profile is as it is: the few events without which it would change most, how much each counts (attention, change),
            what each interest is based on, and what each attribute changes. It shows single events of the user.
            """, "userId") { Without = ["events.heads"], KeepsTellingEvents = true },

        new("recommend_items", "What next for this user", "postRecommendations", """
            The items that fit a user best, the best first, with a score that is comparable within one answer. filter keeps or leaves out
            categories, labels, prices and items. With fallback=popular, items that many users met stand in popular if too few fit or the
            user is new. Items that cannot be had now are not among them.
            """, "userId", "count", "filter", "excludeSeen", "maxPerCategory", "fallback", "diversity")
        {
            Without = ["after"], // agents ask for what they show
        },

        new("rank_items", "Which of these fit", "rankItems", """
            Puts items that you have already, such as results of a search, in the order in which they fit a user. unknown lists those
            without a score, unavailable those that cannot be had now.
            """, "userId", "itemIds"),

        new("predict_next", "What the user does next", "getPredictions", """
            What a user's next event may be: its kind (view, cart, purchase and so on) and its category, each with a probability.
            """, "userId"),

        new("similar_users", "Who is like this user", "getSimilarUsers", """
            Users with the nearest profiles, the most similar first, by the cosine of the profiles' vectors. Only users whose purposes allow
            it.
            """, "userId", "count"),

        new("get_item", "What is this item", "getItem", """
            What the catalogue knows of an item: categories, price, title, labels, and whether it can be had.
            """, "itemId") { Without = ["content"] },

        new("similar_items", "What is like this item", "getSimilarItems", """
            The items that are most like an item, the most similar first. It needs no user.
            """, "itemId", "count", "categories"),

        new("popular_items", "What many users met", "getPopularItems", """
            The items that most users met, with how many, of the last daily count over all users, which has noise that hides each of them.
            It needs no user.
            """, "count", "category"),

        new("trending_items", "What more users meet lately", "getTrendingItems", """
            The items whose share of what users meet grew the most lately, of the last daily count over all users. It needs no user.
            """, "count", "category"),
    ];
}
