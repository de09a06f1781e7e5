using System.ComponentModel.DataAnnotations;
using ProfileService.Model;
using ProfileService.Platform;

namespace ProfileService.Lookup;

/// <summary>Why an item is recommended, in a word: the item of the user's window that is most like it.</summary>
/// <param name="ItemId">The item of the window, one that its events speak for.</param>
/// <param name="Similarity">Cosine of the two items' vectors, above 0.</param>
/// <param name="Title">Title of the item of the window, for people; left out if the catalogue has none.</param>
internal sealed record RecommendationReason([Id] string ItemId, [Range(0d, 1d)] float Similarity, string? Title);

/// <summary>Finds the reasons of items among the items of one window.</summary>
internal sealed class RecommendationReasons
{
    private readonly ItemIndex _index;
    private readonly int[] _liked; // rows of the window's items, in the order in which they were first met
    private readonly float[] _vectors; // [liked, D]
    private readonly float[] _vector; // [D], of the item in question
    private readonly float[] _cosines; // [liked]

    /// <param name="feedback">What the window says of each of its items, see <see cref="ItemFeedback"/>.</param>
    public RecommendationReasons(ItemIndex index, int dimension, Dictionary<string, double> feedback)
    {
        _index = index;
        _liked = [.. feedback.Where(f => f.Value > 0).Select(f => index.RowOf(f.Key)).OfType<int>()];
        (_vectors, _vector, _cosines) = (new float[_liked.Length * dimension], new float[dimension], new float[_liked.Length]);
        for (var i = 0; i < _liked.Length; i++)
            index.CopyUnitVector(_liked[i], _vectors.AsSpan(i * dimension, dimension));
    }

    /// <summary>The reason of an item; null if nothing in the window that speaks for an item is like it.</summary>
    public RecommendationReason? Of(int row)
    {
        _index.CopyUnitVector(row, _vector);
        RowScan.Score(_vectors, _vector, _cosines);
        var best = -1;
        for (var i = 0; i < _liked.Length; i++)
        {
            if (_liked[i] != row && _cosines[i] > 0 && (best < 0 || _cosines[i] >= _cosines[best]))
                best = i;
        }

        return best < 0 ? null : new RecommendationReason(
            _index.IdOf(_liked[best]), Math.Min(_cosines[best], 1), _index.ItemOf(_liked[best])?.Title);
    }
}
