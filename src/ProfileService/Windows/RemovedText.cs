namespace ProfileService.Windows;

/// <summary>What stays of an event's text that was removed from the window.</summary>
/// <param name="Score">
/// The text's sentiment, -1 to 1, as it was computed when the text was removed; null if it had none, or if no sentiment package was loaded.
/// </param>
internal readonly record struct RemovedText(float? Score);
