namespace ProfileService.Windows;

/// <summary>What an append adds to a user's <see cref="SeenItems"/>.</summary>
/// <param name="Positions">The bits of what is new, as <see cref="SeenItems.PositionsOf"/> writes them.</param>
/// <param name="Whole">
/// The filter to begin with if the user has none: it has the items of the window, too. Empty if whoever appends does not know them.
/// </param>
internal sealed record MetItems(byte[] Positions, ReadOnlyMemory<byte> Whole)
{
    /// <summary>Null if nothing is new, and no item can leave the window by this.</summary>
    /// <param name="known">Items of the window before the append. They are in the filter, if there is one.</param>
    /// <param name="met">Items of events that the window's rules judged, whatever their verdicts are.</param>
    /// <param name="isChanged">Whether the window changes.</param>
    public static MetItems? Of(IReadOnlyCollection<string> known, IEnumerable<string> met, bool isChanged)
    {
        string[] added = [.. met.Except(known, StringComparer.Ordinal)];
        return added.Length == 0 && !isChanged
            ? null
            : new MetItems(SeenItems.PositionsOf(added), SeenItems.Of([.. known, .. added]).Filter);
    }

    /// <summary>All of another filter.</summary>
    /// <param name="known">Items of the window.</param>
    public static MetItems Of(SeenItems other, IEnumerable<string> known)
    {
        var whole = SeenItems.Of(known);
        whole.Add(other);
        return new MetItems(other.ToPositions(), whole.Filter);
    }
}
