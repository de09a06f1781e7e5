namespace ProfileService.Cli;

/// <summary>The service did not take the events, for good.</summary>
internal sealed class ReplayException(string message, Exception? inner = null) : Exception(message, inner);
