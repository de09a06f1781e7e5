using System.CommandLine;
using ProfileService.Cli.Audit;
using ProfileService.Cli.Keys;
using ProfileService.Cli.Load;

namespace ProfileService.Cli;

internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        Terminal.Guard();
        var root = new RootCommand("Commands for a running ProfileService and for its model packages.")
        {
            ReplayCommand.Create(),
            DemoCommand.Create(),
            HealthCommand.Create(),
            LoadCommand.Create(),
            RebuildWindowsCommand.Create(),
            KeysCommand.Create(),
            AuditCommand.Create(),
            EraseCommand.Create(),
            ExportCommand.Create(),
            ModelCommand.Create(),
        };
        using var interruption = new Interruption();
        return await interruption.EndOfAsync(Task.Run(() => CommandRunner.RunAsync(() => RunAsync(root, args, interruption.Token))));
    }

    private static Task<int> RunAsync(RootCommand root, string[] args, CancellationToken cancellationToken)
    {
        var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null }); // @ may be part of a name
        if (UnknownIn(parsed) is { } unknown)
        {
            Terminal.Fail(unknown);
            return Task.FromResult(1);
        }

        var invocation = new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null, // Interruption does this
            Output = parsed.Errors.Count > 0 ? Console.Error : Console.Out, // help after a wrong command line is not a result
        };
        return parsed.InvokeAsync(invocation, cancellationToken);
    }

    /// <summary>What to say of a word that is no command, in place of several problems that follow from it; null if there is none.</summary>
    private static string? UnknownIn(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var known = command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name).ToList();
        return known.Count > 0 && parsed.UnmatchedTokens is [var unknown, ..]
            ? $"{command.Name} has no command {unknown}; it has {string.Join(", ", known)}. --help says what they do."
            : null;
    }
}
