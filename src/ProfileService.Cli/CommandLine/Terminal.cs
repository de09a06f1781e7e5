using Spectre.Console;

namespace ProfileService.Cli.CommandLine;

/// <summary>
/// Writes results to standard output; failures, warnings and progress to standard error. Progress is shown only on a terminal.
/// </summary>
internal static class Terminal
{
    private static readonly Lazy<IAnsiConsole> Results = new(() => Create(Console.Out, Console.IsOutputRedirected));
    private static readonly Lazy<IAnsiConsole> Messages = new(() => Create(Console.Error, Console.IsErrorRedirected));

    public static IAnsiConsole Out => Results.Value;

    /// <summary>Must be called before anything is written.</summary>
    public static void Guard()
    {
        Console.SetOut(new GuardedWriter(Console.Out, mustArrive: true));
        Console.SetError(new GuardedWriter(Console.Error, mustArrive: false));
        AnsiConsole.Console = Out;
    }

    public static void Fail(string line) => Messages.Value.MarkupLineInterpolated($"[red]{line}[/]");

    public static void Warn(string line) => Messages.Value.MarkupLineInterpolated($"[yellow]{line}[/]");

    /// <summary>A progress bar on a terminal; nothing in a file or a pipe.</summary>
    public static Progress Progress() => (Console.IsErrorRedirected ? Create(TextWriter.Null, isRedirected: true) : Messages.Value)
        .Progress()
        .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn());

    private static IAnsiConsole Create(TextWriter writer, bool isRedirected)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = isRedirected ? AnsiSupport.No : AnsiSupport.Detect,
            Interactive = isRedirected ? InteractionSupport.No : InteractionSupport.Detect,
        });
        if (isRedirected)
            console.Profile.Width = int.MaxValue; // lines are not wrapped in a file or a pipe
        return console;
    }
}
