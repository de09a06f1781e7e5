using System.Buffers;
using ProfileService.Model;

namespace ProfileService.Lookup;

/// <summary>
/// How well each item of a package fits a user: the product of its vector and the profile, and what the items of the window add to the
/// scores of their neighbours.
/// </summary>
internal static class ItemScores
{
    /// <param name="profile">[D]</param>
    /// <param name="events">The events that the model reads, oldest first.</param>
    /// <param name="feedback">What they say of each item, see <see cref="ItemFeedback"/>.</param>
    /// <param name="scores">[N], one for each row of the item vectors.</param>
    public static void Score(
        this PackageItems items,
        ReadOnlySpan<float> profile,
        IReadOnlyList<EventFeedback> events,
        Dictionary<string, double> feedback,
        Span<float> scores)
    {
        items.Vectors.Score(profile, scores);
        items.AddNeighbours(events, feedback, scores);
    }

    /// <summary>Adds what the items of the window add, to the products of the vectors.</summary>
    /// <param name="events">The events that the model reads, oldest first.</param>
    /// <param name="feedback">What they say of each item.</param>
    /// <param name="scores">[N]</param>
    public static void AddNeighbours(
        this PackageItems items, IReadOnlyList<EventFeedback> events, Dictionary<string, double> feedback, Span<float> scores)
    {
        if (items.Neighbours is not { } neighbours)
            return;
        AddFollowing(items.Vectors, neighbours, events, feedback, scores);
        if (feedback.Values.Any(weight => weight < 0))
            PushBack(items.Vectors, neighbours, feedback, scores);
    }

    /// <summary>Raises the scores of items that often follow the newest events.</summary>
    private static void AddFollowing(
        ItemVectors items,
        ItemNeighbours neighbours,
        IReadOnlyList<EventFeedback> events,
        Dictionary<string, double> feedback,
        Span<float> scores)
    {
        var weight = neighbours.Manifest.Weight;
        foreach (var e in events.Reverse().Take(neighbours.Manifest.Last))
        {
            if (items.RowOf(e.ItemId) is { } row && feedback[e.ItemId] >= 0)
                neighbours.Add(row, (float)weight, scores);
            weight *= neighbours.Manifest.Decay;
        }
    }

    /// <summary>Lowers the scores of items whose neighbours were turned down, unless others of their neighbours were liked.</summary>
    private static void PushBack(ItemVectors items, ItemNeighbours neighbours, Dictionary<string, double> feedback, Span<float> scores)
    {
        var rented = ArrayPool<float>.Shared.Rent(2 * scores.Length); // a large catalogue's would go to the large object heap each time
        try
        {
            var liked = rented.AsSpan(0, scores.Length);
            var turnedDown = rented.AsSpan(scores.Length, scores.Length);
            var judged = feedback.Select(f => (Row: items.RowOf(f.Key), Weight: f.Value)).Where(f => f.Row is not null).ToList();
            foreach (var (row, _) in judged) // alone what is read below: the catalogue may be large
            {
                foreach (var neighbour in neighbours.Of(row!.Value))
                    liked[neighbour] = turnedDown[neighbour] = 0;
            }

            foreach (var (row, weight) in judged)
                neighbours.Add(row!.Value, (float)Math.Abs(weight), weight < 0 ? turnedDown : liked);
            foreach (var (row, _) in judged.Where(f => f.Weight < 0))
            {
                foreach (var neighbour in neighbours.Of(row!.Value))
                {
                    scores[neighbour] -= Math.Max(0, (turnedDown[neighbour] / (float)ItemFeedback.Outweighed) - liked[neighbour]);
                    turnedDown[neighbour] = 0; // it may be a neighbour of several
                }
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(rented);
        }
    }
}
