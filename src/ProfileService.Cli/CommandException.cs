namespace ProfileService.Cli;

/// <summary>What was asked for cannot be done; the message says what to do.</summary>
internal sealed class CommandException(string message, Exception? inner = null) : Exception(message, inner);
