using System.ComponentModel.DataAnnotations;
using ProfileService.Model;
using ProfileService.Platform;

namespace ProfileService.Items;

// For the description of the API; ItemParser reads it.
/// <summary>What changes of an item. A field that is left out stays as it is, and null removes one.</summary>
/// <param name="Categories">The most specific first.</param>
/// <param name="Price">Finite, in the unit of the events' values.</param>
/// <param name="Title">For people.</param>
/// <param name="Labels">The owner's own words.</param>
/// <param name="Content">
/// An embedding of the item's image, text or sound, made elsewhere: Items:ContentDimension numbers of -1e9 to 1e9.
/// </param>
/// <param name="Available">Whether the item may be recommended; null stands for true.</param>
/// <param name="ExpiresAt">From when on the item is not available. Taken in every form that an event's timestamp may have.</param>
internal sealed record ItemPatch(
    [OrNull, Name, MaxLength(ItemParser.MaxCategories)] IReadOnlyList<string>? Categories,
    [OrNull] double? Price,
    [OrNull, Text(ItemParser.MaxTitleLength, @"^[^\u0000]*$")] string? Title,
    [OrNull, Name, MaxLength(ItemParser.MaxLabels)] IReadOnlyList<string>? Labels,
    [OrNull, MaxLength(ModelManifest.MaxContentDimension)] IReadOnlyList<float>? Content,
    [OrNull] bool? Available,
    [OrNull] DateTime? ExpiresAt);
