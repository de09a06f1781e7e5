using System.CommandLine;
using StackExchange.Redis;

namespace ProfileService.Benchmarks.WindowLayouts;

/// <summary><c>window-layouts --redis HOST:PORT</c>: what an append and a read of a window cost in Redis, by how the window lies there.</summary>
internal static class WindowLayoutsCommand
{
    public static Command Create()
    {
        var address = new Option<string>("--redis") { Required = true, Description = "A Redis for this measurement alone: empty, with appendonly yes. It is flushed." };
        var rounds = new Option<int>("--rounds") { DefaultValueFactory = _ => 5, Description = "Rounds whose median counts." };
        var command = new Command("window-layouts", "Measures layouts of a window in Redis and prints the figures as Markdown.") { address, rounds };
        command.SetAction((parsed, _) => RunAsync(parsed.GetValue(address)!, parsed.GetValue(rounds)));
        return command;
    }

    private static async Task<int> RunAsync(string address, int rounds)
    {
        try
        {
            await using var redis = await MeasuredRedis.OpenAsync(address);
            var run = new LayoutRun(redis, rounds);
            var speeds = await run.MeasureSpeedAsync();
            var sizes = await run.MeasureMemoryAsync();
            await LayoutReport.WriteAsync(Console.Out, redis, rounds, speeds, sizes);
            return 0;
        }
        catch (Exception e) when (e is RedisException or InvalidOperationException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
    }
}
