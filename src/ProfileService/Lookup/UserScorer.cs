using ProfileService.Items;
using ProfileService.Model;
using ProfileService.Windows;

namespace ProfileService.Lookup;

/// <summary>Scores items for one user: how well they fit the profile, and what the window says of them.</summary>
internal sealed class UserScorer
{
    private const float TurnedDown = 1; // more than the scores of two items differ by, so that what was turned down comes last

    private readonly float[] _profile; // [D]
    private readonly PackageItems _items;
    private readonly IReadOnlyList<EventFeedback> _read; // by the model
    private readonly Dictionary<string, double> _feedback; // of these events
    private readonly TurnedDownCategories? _turnedDown;
    private readonly UserLiking? _liking;

    /// <param name="profile">[D]</param>
    /// <param name="events">Events of the window.</param>
    /// <param name="said">What the events say, in their order.</param>
    /// <param name="maxEvents">How many of the newest events the model reads.</param>
    public UserScorer(
        float[] profile,
        IReadOnlyList<WindowEvent> events,
        IReadOnlyList<EventFeedback> said,
        PackageItems items,
        int maxEvents,
        ItemIndex index,
        ItemCatalogue catalogue)
    {
        (_profile, _items, Index) = (profile, items, index);
        _read = [.. said.Skip(said.Count - maxEvents)];
        _feedback = ItemFeedback.Of(_read);
        _turnedDown = TurnedDownCategories.Of(events, ItemFeedback.Of(said), catalogue);
        _liking = UserLiking.Of(said, _items);
    }

    public ItemIndex Index { get; }

    /// <summary>D.</summary>
    public int Dimension => _profile.Length;

    /// <summary>Scores all items, but only roughly where that is faster.</summary>
    public UserScores ScoreRoughly()
    {
        var scores = new UserScores(Index);
        scores.Margin = _items.Vectors.ScoreRoughly(_profile, OfPackage(scores));
        AddWindow(scores);
        return scores;
    }

    /// <summary>Scores the items exactly.</summary>
    /// <param name="some">Those to score; scores of others have no meaning then. Null for all.</param>
    public UserScores Score(ItemSelection? some = null)
    {
        var scores = new UserScores(Index);
        if (some?.OfPackage is { } rows)
            _items.Vectors.Score(_profile, rows, OfPackage(scores));
        else
            _items.Vectors.Score(_profile, OfPackage(scores));
        AddWindow(scores, some);
        return scores;
    }

    public RecommendedItem ItemOf(int row, float score) =>
        RecommendedItem.From(new ScoredItem(Index.IdOf(row), score), Index.ItemOf(row), _liking?.Of(Index.IdOf(row)));

    private Span<float> OfPackage(UserScores scores) => scores.Scores[.._items.Vectors.Rows];

    /// <summary>Adds to the products of vectors and profile what the window says of the items.</summary>
    private void AddWindow(UserScores scores, ItemSelection? some = null)
    {
        _items.AddNeighbours(_read, _feedback, OfPackage(scores));
        if (_turnedDown is not null && some?.OfPackage is { } rows)
            PutLast(_turnedDown, rows, scores.Scores);
        else if (_turnedDown is not null)
            PutLast(_turnedDown, scores.Scores);
        Index.ScoreUnseen(some?.Scored, scores.Scores);
    }

    /// <summary>Puts items of the package last that have a category that was turned down.</summary>
    private void PutLast(TurnedDownCategories turnedDown, Span<float> scores)
    {
        using var rows = new RowSet(Index.Rows);
        foreach (var category in turnedDown.Names)
        {
            foreach (var row in Index.OfCategory(category).OfPackage)
                rows.Add(row);
        }

        for (var row = rows.Next(0); row >= 0; row = rows.Next(row + 1))
            PutLast(turnedDown, [row], scores);
    }

    private void PutLast(TurnedDownCategories turnedDown, ReadOnlySpan<int> rows, Span<float> scores)
    {
        foreach (var row in rows)
        {
            if (Index.ItemOf(row) is { } item && turnedDown.Contain(item.Categories))
                scores[row] -= TurnedDown;
        }
    }
}
