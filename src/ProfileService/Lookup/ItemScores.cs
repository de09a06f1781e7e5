using ProfileService.Model;
using ProfileService.Windows;

namespace ProfileService.Lookup;

/// <summary>
/// How well each item of a package fits a user: the product of its vector and the profile, and what the items of the window add to the
/// scores of their neighbours.
/// </summary>
internal static class ItemScores
{
    /// <param name="profile">[D]</param>
    /// <param name="events">The events that the model reads, oldest first.</param>
    /// <param name="said">What they say of each item, see <see cref="Opinions"/>.</param>
    /// <param name="scores">[N], one for each row of the item vectors.</param>
    public static void Score(
        this PackageItems items,
        ReadOnlySpan<float> profile,
        IReadOnlyList<WindowEvent> events,
        Dictionary<string, double> said,
        Span<float> scores)
    {
        items.Vectors.Score(profile, scores);
        if (items.Neighbours is not { } neighbours)
            return;
        AddFollowing(items.Vectors, neighbours, events, said, scores);
        if (said.Values.Any(opinion => opinion < 0))
            PushBack(items.Vectors, neighbours, said, scores);
    }

    /// <summary>What often follows the newest events gains.</summary>
    private static void AddFollowing(
        ItemVectors items,
        ItemNeighbours neighbours,
        IReadOnlyList<WindowEvent> events,
        Dictionary<string, double> said,
        Span<float> scores)
    {
        var weight = neighbours.Manifest.Share;
        foreach (var e in events.Reverse().Take(neighbours.Manifest.Last))
        {
            if (items.RowOf(e.ItemId) is { } row && said[e.ItemId] >= 0)
                neighbours.Add(row, (float)weight, scores);
            weight *= neighbours.Manifest.Fade;
        }
    }

    /// <summary>What is near to items that were turned down, and not nearly as near to others, loses.</summary>
    private static void PushBack(ItemVectors items, ItemNeighbours neighbours, Dictionary<string, double> said, Span<float> scores)
    {
        var (liked, turnedDown) = (new float[scores.Length], new float[scores.Length]);
        foreach (var (item, opinion) in said)
        {
            if (items.RowOf(item) is { } row)
                neighbours.Add(row, (float)Math.Abs(opinion), opinion < 0 ? turnedDown : liked);
        }

        for (var row = 0; row < scores.Length; row++)
            scores[row] -= Math.Max(0, (turnedDown[row] / (float)Opinions.Outweighed) - liked[row]);
    }
}
