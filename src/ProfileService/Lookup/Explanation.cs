using System.ComponentModel.DataAnnotations;
using ProfileService.Attributes;
using ProfileService.Dimensions;
using ProfileService.Platform;

namespace ProfileService.Lookup;

/// <summary>Why a profile is as it is.</summary>
/// <param name="UserId">Whose profile it is.</param>
/// <param name="Model">Name and version of the model.</param>
/// <param name="Revision">Revision of the window and the attributes that were explained.</param>
/// <param name="Events">The window's events, the newest last.</param>
/// <param name="Dimensions">What the dimensions are based on.</param>
/// <param name="WithoutEvent">
/// The five events without which the vector turns farthest; the greatest change first, of equal ones the newer event.
/// </param>
/// <param name="WithoutAttribute">
/// How far the vector turns without each attribute that the model reads and the user has; the greatest change first.
/// </param>
/// <param name="Segments">
/// How long each segment of the vector is that the model package names: its share of the vector's squared length, in 4 decimals; they sum
/// to 1. Left out if the package names none, or if the vector is zero.
/// </param>
internal sealed record Explanation(
    [Id] string UserId,
    string Model,
    long Revision,
    IReadOnlyList<ExplainedEvent> Events,
    ExplainedDimensions Dimensions,
    [MaxLength(Explainer.MaxLeftOut)] IReadOnlyList<LeftOutEvent> WithoutEvent,
    [MaxLength(AttributeParser.MaxAttributes)] IReadOnlyList<AttributeLeftOut> WithoutAttribute,
    IReadOnlyDictionary<string, double>? Segments);

/// <summary>An event, and how much it counts.</summary>
/// <param name="EventId">Given by the sender, or derived.</param>
/// <param name="Kind">As posted.</param>
/// <param name="ItemId">As posted.</param>
/// <param name="Timestamp">When it happened.</param>
/// <param name="Categories">As posted; left out if there are none.</param>
/// <param name="Value">As posted; left out if there is none.</param>
/// <param name="Sentiment">Score of its text, from -1 (negative) to 1 (positive); left out if it states no opinion.</param>
/// <param name="Attention">The model's weight of the event; those of all events that the model reads sum to 1.</param>
/// <param name="Change">
/// How far the vector turns if the event is left out: 1 minus the cosine of the vectors with and without it, from 0 (no change) to 2, in 6
/// decimals. A vector of zeros counts as at a right angle to any other. Left out if the model does not read the event.
/// </param>
/// <param name="Segments">
/// How the change divides over the segments of the vector that the model package names: each one's share of the squared distance between
/// the vectors with and without the event, in 4 decimals; they sum to 1. Left out if the package names none, or if nothing changes.
/// </param>
/// <param name="Heads">
/// The weight by each attention head of the last layer, if the package has them; a head may also weigh attributes.
/// </param>
internal sealed record ExplainedEvent(
    [Id] string EventId,
    [Name] string Kind,
    [Id] string ItemId,
    DateTime Timestamp,
    [Name] IReadOnlyList<string>? Categories,
    double? Value,
    [Range(-1d, 1d)] double? Sentiment,
    [Range(0d, 1d)] double Attention,
    [Range(0d, 2d)] double? Change,
    IReadOnlyDictionary<string, double>? Segments,
    IReadOnlyList<double>? Heads);

/// <summary>What the dimensions are based on.</summary>
/// <param name="Interests">The profile's interests.</param>
/// <param name="IntentEvents">Events of the last session.</param>
/// <param name="PriceEvents">Events with a price.</param>
/// <param name="SentimentTexts">Texts that state an opinion.</param>
internal sealed record ExplainedDimensions(
    [MaxLength(Interest.MaxCount)] IReadOnlyList<ExplainedInterest> Interests, int IntentEvents, int PriceEvents, int SentimentTexts);

/// <summary>What an interest is based on.</summary>
/// <param name="Category">As in the profile.</param>
/// <param name="Share">As in the profile.</param>
/// <param name="Against">As in the profile; left out if it is 0.</param>
/// <param name="Events">Number of events that have the category among theirs.</param>
/// <param name="Attention">The sum of their attention.</param>
internal sealed record ExplainedInterest(
    [Name] string Category, [Range(0d, 1d)] double Share, [Range(0d, 1d)] double? Against, int Events, double Attention);

/// <summary>What leaving one event out would change.</summary>
/// <param name="EventId">The event.</param>
/// <param name="Change">As of the event.</param>
/// <param name="Segments">As of the event.</param>
internal sealed record LeftOutEvent(
    [Id] string EventId, [Range(0d, 2d)] double Change, IReadOnlyDictionary<string, double>? Segments);

/// <summary>What leaving one attribute out would change.</summary>
/// <param name="Name">The attribute.</param>
/// <param name="Change">As of an event.</param>
/// <param name="Segments">As of an event.</param>
internal sealed record AttributeLeftOut(
    [Text(AttributeParser.MaxNameLength)] string Name, [Range(0d, 2d)] double Change, IReadOnlyDictionary<string, double>? Segments);
