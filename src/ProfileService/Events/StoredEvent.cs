using System.ComponentModel.DataAnnotations;
using ProfileService.Platform;
using ProfileService.Windows;

namespace ProfileService.Events;

/// <summary>An event as its window has it.</summary>
/// <param name="EventId">Given by the sender, or derived.</param>
/// <param name="UserId">Who did it.</param>
/// <param name="Kind">As posted.</param>
/// <param name="ItemId">As posted.</param>
/// <param name="Timestamp">When it happened.</param>
/// <param name="Categories">As posted; left out if there are none.</param>
/// <param name="Value">As posted; left out if there is none.</param>
/// <param name="Text">As posted; left out if there is none, or if it was removed.</param>
/// <param name="TextRemoved">True if the event had a text that was removed, because it is older than Windows:TextTtl.</param>
internal sealed record StoredEvent(
    [Id] string EventId,
    [Id] string UserId,
    [Name] string Kind,
    [Id] string ItemId,
    DateTime Timestamp,
    [Name, MaxLength(EventParser.MaxCategories)] IReadOnlyList<string>? Categories,
    double? Value,
    [Text(EventParser.MaxTextLength)] string? Text,
    bool? TextRemoved)
{
    public static StoredEvent From(WindowEvent e) => new(
        e.EventId, e.UserId, e.Kind, e.ItemId, EventTime.ToUtc(e.Timestamp), e.Categories, e.Value, e.Text,
        e.Removed is null ? null : true);
}
