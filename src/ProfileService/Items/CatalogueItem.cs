using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using ProfileService.Model;
using ProfileService.Platform;

namespace ProfileService.Items;

/// <summary>What an item is, as its owner says.</summary>
/// <param name="ItemId">As events name it.</param>
/// <param name="Categories">The most specific first.</param>
/// <param name="Price">Finite, in the unit of the events' values.</param>
/// <param name="Title">For people.</param>
/// <param name="Labels">The owner's own words.</param>
/// <param name="Content">
/// An embedding of the item's image, text or sound, made elsewhere: Items:ContentDimension numbers of -1e9 to 1e9.
/// </param>
/// <param name="Available">Whether the item may be recommended.</param>
/// <param name="ExpiresAt">
/// From when on the item is not available; left out if that has no end. Taken in every form that an event's timestamp may have.
/// </param>
internal sealed record CatalogueItem(
    [Id] string ItemId,
    [Name, MaxLength(ItemParser.MaxCategories), DefaultValue("[]")] IReadOnlyList<string> Categories,
    double? Price,
    [Text(ItemParser.MaxTitleLength, @"^[^\u0000]*$")] string? Title,
    [Name, MaxLength(ItemParser.MaxLabels), DefaultValue("[]")] IReadOnlyList<string> Labels,
    [MaxLength(ModelManifest.MaxContentDimension)] IReadOnlyList<float>? Content = null,
    [DefaultValue("true")] bool Available = true,
    DateTime? ExpiresAt = null)
{
    public bool IsAvailableAt(DateTimeOffset now) => Available && (ExpiresAt is not { } end || now.UtcDateTime < end);
}
