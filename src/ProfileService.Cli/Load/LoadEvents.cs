namespace ProfileService.Cli.Load;

/// <summary>Generates events like those of a shop or of MovieLens: one of 1,000 items, two categories, a value, no event id.</summary>
internal static class LoadEvents
{
    private static readonly string[] Kinds = ["view", "view", "click", "cart", "purchase", "rating"];
    private static readonly string[] Categories =
    [
        "Action", "Adventure", "Animation", "Comedy", "Crime", "Documentary", "Drama", "Fantasy", "Horror", "Romance", "Sci-Fi", "Thriller",
        "War", "Western",
    ];

    public static string Json(string user, string timestamp, Random random)
    {
        var (first, second) = (random.GetItems(Categories, 1)[0], random.GetItems(Categories, 1)[0]);
        var (kind, item, value) = (random.GetItems(Kinds, 1)[0], random.Next(1_000, 2_000), random.Next(1, 6));
        return $$"""{"userId":"{{user}}","kind":"{{kind}}","itemId":"{{item}}","timestamp":"{{timestamp}}","""
            + $$"""
            "categories":["{{first}}","{{second}}"],"value":{{value}}}
            """;
    }
}
