using Spectre.Console;

namespace ProfileService.Cli;

/// <summary>Results go to standard output. Failures and warnings go to standard error, and so does progress if a person looks at it.</summary>
internal static class Terminal
{
    private static readonly Lazy<IAnsiConsole> Results = new(() => Create(Console.Out, Console.IsOutputRedirected));
    private static readonly Lazy<IAnsiConsole> Messages = new(() => Create(Console.Error, Console.IsErrorRedirected));

    public static IAnsiConsole Out => Results.Value;

    /// <summary>Must come before anything is written.</summary>
    public static void Guard()
    {
        Console.SetOut(new GuardedWriter(Console.Out, mustArrive: true));
        Console.SetError(new GuardedWriter(Console.Error, mustArrive: false));
        AnsiConsole.Console = Out;
    }

    public static void Fail(string line) => Messages.Value.MarkupLineInterpolated($"[red]{line}[/]");

    public static void Warn(string line) => Messages.Value.MarkupLineInterpolated($"[yellow]{line}[/]");

    /// <summary>Bars on a terminal; nothing in a file or a pipe.</summary>
    public static Progress Progress() => (Console.IsErrorRedirected ? Create(TextWriter.Null, isRedirected: true) : Messages.Value).Progress()
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
            console.Profile.Width = int.MaxValue; // a file or a pipe has no edge to wrap at
        return console;
    }
}
