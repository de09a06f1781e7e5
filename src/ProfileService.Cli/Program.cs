using System.CommandLine;
using System.CommandLine.Invocation;
using ProfileService.Cli.CommandLine;

namespace ProfileService.Cli;

internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        Terminal.Guard();
        if (!ArgumentText.IsWhole(args))
        {
            Terminal.Fail("An argument is not UTF-8 text, so that it would name something else. Give it in UTF-8; "
                + "iconv converts, and locale tells what the terminal writes.");
            return 1;
        }

        var root = Commands.Create();
        using var interruption = new Interruption();
        return await interruption.EndOfAsync(Task.Run(() => CommandRunner.RunAsync(() => RunAsync(root, args, interruption.Token))));
    }

    private static Task<int> RunAsync(RootCommand root, string[] args, CancellationToken cancellationToken)
    {
        var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null }); // @ may be part of a name
        var command = parsed.CommandResult.Command;
        if (parsed is { Action: ParseErrorAction, UnmatchedTokens: [var wrong, ..] }
            && command.Subcommands.Count > 0 && !wrong.StartsWith('-'))
        {
            var name = command == root ? "profiles" : $"profiles {command.Name}";
            Terminal.Fail($"There is no command {name} {wrong}. {name} has: {string.Join(", ", command.Subcommands.Select(c => c.Name))}.");
            return Task.FromResult(1);
        }

        return parsed.Action is ParseErrorAction
            ? TellAsync(parsed)
            : parsed.InvokeAsync(Invocation(Console.Out, Console.Error), cancellationToken);
    }

    private static InvocationConfiguration Invocation(TextWriter output, TextWriter error) => new()
    {
        EnableDefaultExceptionHandler = false,
        ProcessTerminationTimeout = null, // Interruption does this
        Output = output,
        Error = error,
    };

    /// <summary>
    /// Writes what is wrong with a command line, and the command's help, to standard error: help after an error is no result.
    /// </summary>
    private static async Task<int> TellAsync(ParseResult parsed)
    {
        await using var told = new StringWriter();
        var exitCode = await parsed.InvokeAsync(Invocation(told, told), CancellationToken.None);
        foreach (var error in parsed.Errors)
            told.GetStringBuilder().Replace(error.Message, PlainError.Of(error));
        await Console.Error.WriteAsync(told.ToString());
        return exitCode;
    }
}
