using System.CommandLine;
using System.CommandLine.Parsing;
using ProfileService.Cli.Demo;
using ProfileService.Cli.Export;
using ProfileService.Cli.Keys;
using ProfileService.Cli.Load;
using ProfileService.Cli.Replay;

namespace ProfileService.Cli;

/// <summary>All commands of <c>profiles</c>.</summary>
internal static class Commands
{
    public static RootCommand Create()
    {
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
        RefuseEmptyValues(root);
        return root;
    }

    /// <summary>An empty value is what a shell makes of a variable that is not set; it is no name, file or number anywhere.</summary>
    private static void RefuseEmptyValues(Command command)
    {
        foreach (var argument in command.Arguments)
            argument.Validators.Add(result => Check(result, argument.Name, result.Tokens));
        foreach (var option in command.Options)
            option.Validators.Add(result => Check(result, option.Name, result.Tokens));
        foreach (var subcommand in command.Subcommands)
            RefuseEmptyValues(subcommand);

        static void Check(SymbolResult result, string name, IEnumerable<Token> given)
        {
            if (given.Any(token => token.Value.Length == 0))
                result.AddError($"{name} is empty. Give it a value.");
        }
    }
}
