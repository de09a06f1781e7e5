using System.ComponentModel.DataAnnotations;
using ProfileService.Items;
using ProfileService.Platform;

namespace ProfileService.Lookup;

/// <summary>Which items may be answered with, by what the catalogue knows of them. An item must meet every field that is given.</summary>
/// <param name="Categories">Keeps items that have one of these categories.</param>
/// <param name="ExcludeCategories">Leaves out items that have one of these categories.</param>
/// <param name="Labels">Keeps items that have one of these labels.</param>
/// <param name="ExcludeLabels">Leaves out items that have one of these labels.</param>
/// <param name="ExcludeItems">Leaves out these items.</param>
/// <param name="MinPrice">Keeps items of at least this price. An item without a price is left out if either bound is given.</param>
/// <param name="MaxPrice">Keeps items of at most this price.</param>
internal sealed record ItemFilter(
    [Name, Length(1, ItemFilter.MaxNames)] IReadOnlyList<string>? Categories = null,
    [Name, MaxLength(ItemFilter.MaxNames)] IReadOnlyList<string>? ExcludeCategories = null,
    [Name, Length(1, ItemFilter.MaxNames)] IReadOnlyList<string>? Labels = null,
    [Name, MaxLength(ItemFilter.MaxNames)] IReadOnlyList<string>? ExcludeLabels = null,
    [Id, MaxLength(ItemFilter.MaxItems)] IReadOnlyList<string>? ExcludeItems = null,
    double? MinPrice = null,
    double? MaxPrice = null)
{
    public const int MaxNames = 64;
    public const int MaxItems = 1_000;

    /// <summary>Admits every item.</summary>
    public static readonly ItemFilter None = new();

    /// <param name="item">What the catalogue knows; null if it does not know the item.</param>
    public bool Admits(string itemId, CatalogueItem? item) =>
        HasOne(item?.Categories, Categories, unless: true)
        && !HasOne(item?.Categories, ExcludeCategories, unless: false)
        && HasOne(item?.Labels, Labels, unless: true)
        && !HasOne(item?.Labels, ExcludeLabels, unless: false)
        && ExcludeItems?.Contains(itemId) != true
        && AdmitsPrice(item?.Price ?? double.NaN);

    /// <summary>The rows of the items that are admitted and available.</summary>
    public RowSet RowsOf(ItemIndex index)
    {
        var rows = index.Available();
        Keep(rows, Categories, index.OfCategory, index);
        Keep(rows, Labels, index.OfLabel, index);
        Remove(rows, ExcludeCategories, index.OfCategory);
        Remove(rows, ExcludeLabels, index.OfLabel);
        foreach (var item in ExcludeItems ?? [])
        {
            if (index.RowOf(item) is { } row)
                rows.Remove(row);
        }

        KeepPrices(rows, index);
        return rows;
    }

    private void KeepPrices(RowSet rows, ItemIndex index)
    {
        if (MinPrice is not null || MaxPrice is not null)
            rows.KeepBetween(index.Prices, MinPrice ?? double.NegativeInfinity, MaxPrice ?? double.PositiveInfinity);
    }

    private static bool HasOne(IReadOnlyList<string>? names, IReadOnlyList<string>? wanted, bool unless) =>
        wanted is null ? unless : names?.Any(wanted.Contains) == true;

    private static void Keep(RowSet rows, IReadOnlyList<string>? names, Func<string, ItemRows> rowsOf, ItemIndex index)
    {
        if (names is null)
            return;
        using var kept = new RowSet(index.Rows);
        foreach (var name in names)
        {
            foreach (var row in rowsOf(name).All)
                kept.Add(row);
        }

        rows.Keep(kept);
    }

    private static void Remove(RowSet rows, IReadOnlyList<string>? names, Func<string, ItemRows> rowsOf)
    {
        foreach (var name in names ?? [])
        {
            foreach (var row in rowsOf(name).All)
                rows.Remove(row);
        }
    }

    private bool AdmitsPrice(double price) =>
        (MinPrice is not { } least || price >= least) && (MaxPrice is not { } most || price <= most);
}
