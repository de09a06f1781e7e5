namespace ProfileService.Dimensions;

/// <summary>Weight of an event kind in the user's interests, relative to a view. A dislike has no weight.</summary>
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
