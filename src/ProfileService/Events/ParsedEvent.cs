using ProfileService.Windows;

namespace ProfileService.Events;

/// <summary>A good event and its place in the request.</summary>
internal readonly record struct ParsedEvent(long Index, UserEvent Event);
