namespace ProfileService.Lookup;

/// <summary>Scores of items for many users: [users, items] in the order asked; NaN where there is none.</summary>
internal sealed class BatchScores
{
    private readonly IReadOnlyList<FoundProfile> _found;
    private readonly bool[] _isScored; // by user
    private readonly bool[] _isUnreadable; // by user; the window was altered
    private readonly bool[] _isStale; // by user

    /// <param name="items">The items to score; null in the place of one that is not to be answered with.</param>
    public BatchScores(IReadOnlyList<FoundProfile> found, IReadOnlyList<string?> items)
    {
        (_found, Items) = (found, items);
        (_isScored, _isUnreadable, _isStale) = (new bool[found.Count], new bool[found.Count], new bool[found.Count]);
        Values = new float[found.Count * items.Count];
        Array.Fill(Values, float.NaN);
    }

    public IReadOnlyList<string?> Items { get; }

    public int Users => _found.Count;

    /// <summary>[Users, Items]</summary>
    public float[] Values { get; }

    /// <summary>Notes that a user has scores, and returns where to write them.</summary>
    /// <param name="lacksEvents">Whether the user's events could not be read.</param>
    public Span<float> Begin(int user, bool lacksEvents)
    {
        _isScored[user] = true;
        _isStale[user] = lacksEvents || _found[user].IsStale;
        return RowOf(user);
    }

    public void MarkUnreadable(int user) => _isUnreadable[user] = true;

    /// <summary>Whether the user's profile or window cannot be read now.</summary>
    public bool IsUnavailable(int user) => !_isScored[user] && (_isUnreadable[user] || _found[user].IsUnavailable);

    public bool IsScored(int user) => _isScored[user];

    public bool IsMissing(int user) => !_isScored[user] && !IsUnavailable(user);

    /// <summary>The items of a user that has scores, the best first, each once; those of equal scores in the order asked.</summary>
    public UserRanking RankingOf(int user, string userId)
    {
        var (row, items) = (RowOf(user).ToArray(), Items);
        return new UserRanking(
            userId,
            _found[user].Profile!.Revision,
            [
                .. Enumerable.Range(0, row.Length).Where(i => !float.IsNaN(row[i])).DistinctBy(i => items[i])
                    .OrderByDescending(i => row[i]).Select(i => new RankedItem(items[i]!, row[i])),
            ],
            _isStale[user] ? true : null);
    }

    private Span<float> RowOf(int user) => Values.AsSpan(user * Items.Count, Items.Count);
}
