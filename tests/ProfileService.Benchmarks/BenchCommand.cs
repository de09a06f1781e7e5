using System.CommandLine;
using ProfileService.Cli;
using StackExchange.Redis;

namespace ProfileService.Benchmarks;

/// <summary>What the program does where no other command is named: the measurements, the table, the file.</summary>
internal static class BenchCommand
{
    public static RootCommand WithBenchmarks(this RootCommand root, Benchmark[] benchmarks)
    {
        var only = new Option<string[]>("--only") { Description = $"Measure these alone: {string.Join(", ", benchmarks.Select(b => b.Name))}, or one of their metrics.", AllowMultipleArgumentsPerToken = true };
        var json = new Option<string?>("--json") { Description = "Write the figures to this file as well." };
        var rounds = new Option<int>("--rounds") { Description = "Rounds whose median counts; 5 unless named.", DefaultValueFactory = _ => 5 };
        var seconds = new Option<double>("--seconds") { Description = "Seconds of one measurement in a round; 1 unless named.", DefaultValueFactory = _ => 1 };
        var users = new Option<int>("--users") { Description = "Users with a window of 50 events; 6,400 unless named.", DefaultValueFactory = _ => 6_400 };
        foreach (var option in (Option[])[only, json, rounds, seconds, users])
            root.Add(option);
        only.Validators.Add(result =>
        {
            foreach (var name in result.GetValueOrDefault<string[]>()!.Where(name => !benchmarks.Any(b => b.Measures(name))))
                result.AddError($"--only {name}: there is no such measurement.");
        });
        root.SetAction((parsed, cancellationToken) => RunAsync(
            [.. benchmarks.Where(b => parsed.GetValue(only) is not { Length: > 0 } named || named.Any(b.Measures))],
            parsed.GetValue(json), parsed.GetValue(rounds), TimeSpan.FromSeconds(parsed.GetValue(seconds)), parsed.GetValue(users), cancellationToken));
        return root;
    }

    private static bool Measures(this Benchmark benchmark, string name) => name == benchmark.Name || name.StartsWith($"{benchmark.Name}.", StringComparison.Ordinal);

    private static async Task<int> RunAsync(Benchmark[] benchmarks, string? json, int rounds, TimeSpan span, int users, CancellationToken cancellationToken)
    {
        try
        {
            await using var servers = await BenchServers.StartAsync();
            var bench = new Bench(servers, rounds, span, users, cancellationToken);
            var metrics = new List<Metric>();
            foreach (var benchmark in benchmarks)
            {
                await Console.Error.WriteLineAsync($"{benchmark.Name}:");
                metrics.AddRange(await benchmark.RunAsync(bench));
            }

            Report.Print(Console.Out, bench, metrics);
            if (json is not null)
                await Report.WriteJsonAsync(json, metrics);
            return 0;
        }
        catch (Exception e) when (e is InvalidOperationException or IOException or ReplayException or HttpRequestException or RedisException or Npgsql.NpgsqlException)
        {
            await Console.Error.WriteLineAsync($"bench: {e.Message}");
            return 1;
        }
    }
}
