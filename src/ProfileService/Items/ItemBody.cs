using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using ProfileService.Model;
using ProfileService.Platform;

namespace ProfileService.Items;

/// <summary>What an item is, without its id, which is in the path.</summary>
/// <param name="Categories">The most specific first.</param>
/// <param name="Price">Finite, in the unit of the events' values.</param>
/// <param name="Title">For people.</param>
/// <param name="Labels">The owner's own words.</param>
/// <param name="Content">
/// An embedding of the item's image, text or sound, made elsewhere: Items:ContentDimension numbers of -1e9 to 1e9.
/// </param>
/// <param name="Available">Whether the item may be recommended.</param>
/// <param name="ExpiresAt">
/// From when on the item is not available; never if left out. Taken in every form that an event's timestamp may have.
/// </param>
internal sealed record ItemBody(
    [Name, MaxLength(ItemParser.MaxCategories)] IReadOnlyList<string>? Categories,
    double? Price,
    [Text(ItemParser.MaxTitleLength, @"^[^\u0000]*$")] string? Title,
    [Name, MaxLength(ItemParser.MaxLabels)] IReadOnlyList<string>? Labels,
    [MaxLength(ModelManifest.MaxContentDimension)] IReadOnlyList<float>? Content,
    [DefaultValue("true")] bool? Available,
    DateTime? ExpiresAt);
