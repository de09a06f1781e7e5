using ProfileService.Windows.Codec;

namespace ProfileService.Windows;

/// <summary>What changes of a user in one step.</summary>
/// <param name="Window">The window to store; null if it stays.</param>
/// <param name="Met">What is added to the items that the user met; null if nothing is.</param>
internal readonly record struct WindowChange(EncodedWindow? Window, MetItems? Met = null)
{
    public bool IsNone => Window is null && Met is null;
}
