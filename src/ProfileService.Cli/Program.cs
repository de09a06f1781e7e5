using System.CommandLine;
using ProfileService.Cli.Load;

namespace ProfileService.Cli;

internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        Terminal.Guard();
        var root = new RootCommand("Works with a running ProfileService and with its model packages.")
        {
            ReplayCommand.Create(),
            DemoCommand.Create(),
            HealthCommand.Create(),
            LoadCommand.Create(),
            RebuildWindowsCommand.Create(),
            ModelCommand.Create(),
        };
        using var interruption = new Interruption();
        return await interruption.EndOfAsync(Task.Run(() => Work.RunAsync(() => RunAsync(root, args, interruption.Token))));
    }

    private static Task<int> RunAsync(RootCommand root, string[] args, CancellationToken cancellationToken)
    {
        var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null }); // an @ is a part of a name
        var invocation = new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null, // Interruption has that
            Output = parsed.Errors.Count > 0 ? Console.Error : Console.Out, // help that nobody asked for is no result
        };
        return parsed.InvokeAsync(invocation, cancellationToken);
    }
}
