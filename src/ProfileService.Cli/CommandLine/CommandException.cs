namespace ProfileService.Cli.CommandLine;

/// <summary>The command cannot be carried out. The message says what to do.</summary>
internal sealed class CommandException(string message, Exception? inner = null) : Exception(message, inner);
