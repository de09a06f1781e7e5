using System.CommandLine;
using ProfileService.Benchmarks.WindowLayouts;

namespace ProfileService.Benchmarks;

internal static class Program
{
    private static Task<int> Main(string[] args) =>
        new RootCommand("Measures what the service is built on.") { WindowLayoutsCommand.Create() }.Parse(args).InvokeAsync();
}
