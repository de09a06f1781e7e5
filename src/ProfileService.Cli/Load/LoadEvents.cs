namespace ProfileService.Cli.Load;

/// <summary>Events like those of a shop or of MovieLens: one of a thousand items, two categories, a value, no id of their own.</summary>
internal static class LoadEvents
{
    private static readonly string[] Kinds = ["view", "view", "click", "cart", "purchase", "rating"];
    private static readonly string[] Categories =
        ["Action", "Adventure", "Animation", "Comedy", "Crime", "Documentary", "Drama", "Fantasy", "Horror", "Romance", "Sci-Fi", "Thriller", "War", "Western"];

    public static string Json(string user, string timestamp, Random random)
    {
        var (first, second) = (random.GetItems(Categories, 1)[0], random.GetItems(Categories, 1)[0]);
        return $$"""{"userId":"{{user}}","kind":"{{random.GetItems(Kinds, 1)[0]}}","itemId":"{{random.Next(1_000, 2_000)}}","timestamp":"{{timestamp}}","categories":["{{first}}","{{second}}"],"value":{{random.Next(1, 6)}}}""";
    }
}
