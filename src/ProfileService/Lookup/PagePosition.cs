namespace ProfileService.Lookup;

/// <summary>Where a page of recommendations begins in the list of all, which is ordered by score, then id.</summary>
/// <param name="Score">Score of the last item before.</param>
/// <param name="ItemId">The last item before; empty at the list's start.</param>
/// <param name="Taken">With a diversity: how many of the items behind it were picked already.</param>
/// <param name="Pool">With a diversity: of how many items at a time are picked; 0 at the list's start.</param>
internal readonly record struct PagePosition(float Score, string ItemId, int Taken = 0, int Pool = 0)
{
    public static PagePosition Start { get; } = new(float.PositiveInfinity, "");

    public bool IsStart => ItemId.Length == 0;

    /// <summary>Whether an item comes behind the position in the list.</summary>
    public bool IsBefore(float score, string itemId) =>
        IsStart || score < Score || (score == Score && string.CompareOrdinal(itemId, ItemId) > 0);
}
