using ProfileService.Platform;

namespace ProfileService.Windows;

/// <summary>Signals the refresh that users may be due.</summary>
internal sealed class DueSignal(TimeProvider time) : Signal(time);
