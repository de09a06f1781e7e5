using System.CommandLine;
using System.CommandLine.Invocation;
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
        var command = parsed.CommandResult.Command;
        if (parsed is { Action: ParseErrorAction, UnmatchedTokens: [var wrong, ..] }
            && command.Subcommands.Count > 0 && !wrong.StartsWith('-'))
        {
            var name = command == root ? "profiles" : $"profiles {command.Name}";
            Terminal.Fail($"There is no command {name} {wrong}. {name} has: {string.Join(", ", command.Subcommands.Select(c => c.Name))}.");
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
}
