using System.CommandLine;
using ProfileService.Cli;
using Spectre.Console;

if (Console.IsOutputRedirected)
{
    AnsiConsole.Profile.Capabilities.Ansi = false;
    AnsiConsole.Profile.Width = int.MaxValue; // a file or a pipe has no edge to wrap at
}

var root = new RootCommand("Works with a running ProfileService and with its model packages.")
{
    ReplayCommand.Create(),
    DemoCommand.Create(),
    ModelCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
