namespace ProfileService.Items;

/// <summary>
/// The numbers of a content vector. Models take them as they are, and sum their squares, which overflow where numbers are too large: the
/// profile of every user who met the item would not be finite then.
/// </summary>
internal static class ItemContent
{
    private const float Greatest = 1e9f; // far beyond any embedding, and its square far below what a float32 holds

    public static bool IsNumber(float number) => Math.Abs(number) <= Greatest; // NaN is none

    /// <summary>Whether the model can take the vector of a stored item, which another build may have stored.</summary>
    public static bool Fits(IReadOnlyList<float> content, int dimension) => content.Count == dimension && content.All(IsNumber);
}
