namespace ProfileService.Dimensions;

/// <summary>
/// How much an event of a kind says about what a user is interested in, relative to a view. A dislike says nothing for it.
/// </summary>
internal static class KindWeight
{
    public static double Of(string kind) => kind switch
    {
        "purchase" => 4,
        "cart" => 3,
        "like" or "share" or "rating" or "review" => 2,
        "dislike" => 0,
        _ => 1,
    };
}
