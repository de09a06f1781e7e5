using System.CommandLine;
using ProfileService.Cli.Load;
using Spectre.Console;

namespace ProfileService.Cli;

internal static class Program
{
    private static Task<int> Main(string[] args)
    {
        if (Console.IsOutputRedirected)
        {
            AnsiConsole.Profile.Capabilities.Ansi = false;
            AnsiConsole.Profile.Width = int.MaxValue; // a file or a pipe has no edge to wrap at
        }

        var root = new RootCommand("Works with a running ProfileService and with its model packages.")
        {
            ReplayCommand.Create(),
            DemoCommand.Create(),
            HealthCommand.Create(),
            LoadCommand.Create(),
            RebuildWindowsCommand.Create(),
            ModelCommand.Create(),
        };
        return root.Parse(args).InvokeAsync();
    }
}
