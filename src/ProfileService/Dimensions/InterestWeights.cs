using System.Runtime.InteropServices;

namespace ProfileService.Dimensions;

/// <summary>Sums of what events say: for a category in the earlier and in the newer half of the window, and against it.</summary>
internal readonly record struct InterestWeights(double Earlier, double Newer, double Against)
{
    private const int UsualCategories = 16; // of a window, at most; room for more is made as they come

    public double For => Earlier + Newer;

    [ThreadStatic]
    private static Dictionary<string, InterestWeights>? _ofThread;

    /// <summary>The sums of each category of which the events say something, until the thread asks for the next.</summary>
    /// <param name="all">The sums over all categories.</param>
    public static Dictionary<string, InterestWeights> Of(ReadOnlySpan<DimensionEvent> events, out InterestWeights all)
    {
        var weights = _ofThread ??= new Dictionary<string, InterestWeights>(UsualCategories);
        weights.Clear();
        all = default;
        for (var i = 0; i < events.Length; i++)
        {
            if (events[i] is not { Categories: { } categories, Weight: var weight and not 0 })
                continue;
            var own = Of(weight, isNewer: i >= events.Length / 2);
            for (var c = 0; c < categories.Length; c++)
                all += IsRepeated(categories, c) ? default : Add(weights, categories[c], own);
        }

        return weights;
    }

    public static InterestWeights operator +(InterestWeights a, InterestWeights b) =>
        new(a.Earlier + b.Earlier, a.Newer + b.Newer, a.Against + b.Against);

    private static InterestWeights Of(double weight, bool isNewer) =>
        weight < 0 ? new(0, 0, -weight) : isNewer ? new(0, weight, 0) : new(weight, 0, 0);

    private static InterestWeights Add(Dictionary<string, InterestWeights> weights, string category, InterestWeights own)
    {
        CollectionsMarshal.GetValueRefOrAddDefault(weights, category, out _) += own;
        return own;
    }

    private static bool IsRepeated(string[] categories, int index)
    {
        for (var i = 0; i < index; i++)
        {
            if (categories[i] == categories[index])
                return true;
        }

        return false;
    }
}
