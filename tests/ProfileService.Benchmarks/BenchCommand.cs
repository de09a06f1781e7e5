using System.CommandLine;
using System.Net.Sockets;
using Npgsql;
using ProfileService.Benchmarks.Faults;
using ProfileService.Benchmarks.Figures;
using ProfileService.Benchmarks.Fuzz;
using ProfileService.Benchmarks.Growth;
using ProfileService.Benchmarks.LongRuns;
using ProfileService.Benchmarks.Providers;
using ProfileService.Benchmarks.Setup;
using ProfileService.Cli.CommandLine;
using ProfileService.Client;
using StackExchange.Redis;

namespace ProfileService.Benchmarks;

/// <summary>What the program does where no other command is named: the measurements, the table, the file.</summary>
internal static class BenchCommand
{
    private const int MinCount = 100_000;

    private static readonly string[] UnboundedRedis = ["--maxmemory", "0", "--auto-aof-rewrite-percentage", "0"]; // a million users are more than a deployment's default holds

    public static RootCommand WithBenchmarks(this RootCommand root, Benchmark[] benchmarks)
    {
        var only = new Option<string[]>("--only") { Description = $"Measure these alone: {string.Join(", ", benchmarks.Select(b => b.Name))}, or one of their metrics.", AllowMultipleArgumentsPerToken = true };
        var json = new Option<string?>("--json") { Description = "Write the figures to this file as well." };
        var rounds = new Option<int>("--rounds") { Description = "Rounds whose median counts; 5 unless named.", DefaultValueFactory = _ => 5 };
        var seconds = new Option<double>("--seconds") { Description = "Seconds of one measurement in a round; 1 unless named.", DefaultValueFactory = _ => 1 };
        var users = new Option<int>("--users") { Description = "Users with a window of 50 events; 6,400 unless named.", DefaultValueFactory = _ => 6_400 };
        var soak = new Option<bool>("--soak") { Description = "Instead of all that: 10 minutes at 70 % of capacity, both of open loops. Exit status 1 where something grew." };
        var minutes = new Option<double>("--minutes") { Description = "Of --soak; 10 unless named.", DefaultValueFactory = _ => 10 };
        var overload = new Option<bool>("--overload") { Description = "Instead: 2, 5 and 10 times capacity, reads and writes. Exit status 1 where a goal is missed." };
        var overloadSeconds = new Option<double>("--overload-seconds") { Description = "Of each load of --overload; 60 unless named.", DefaultValueFactory = _ => 60 };
        var erase = new Option<int>("--erase") { Description = "Instead: this many users are erased, one after another, while events come in; then the schedules, scans and matrix of the tests. Exit status 1 where the goal is missed or a test fails." };
        var schedules = new Option<int>("--schedules") { Description = "Of --erase: drawn schedules of erasures beside other work, which are run with the scans and the matrix of scopes; 10,000 unless named, 0 for none of that.", DefaultValueFactory = _ => 10_000 };
        var catalogue = new Option<int>("--catalogue") { Description = "Instead: recommendations over HTTP from a catalogue of so many items, and an export." };
        var dimension = new Option<int>("--dimension") { Description = "Of --catalogue: of the vectors; 128 unless named.", DefaultValueFactory = _ => 128 };
        var growth = new Option<string?>("--growth") { Description = "Instead: cost against users, window length, catalogue size and dimension; the folder for table and plots." };
        var most = new Option<int>("--most") { Description = "Of --growth: users and items at most; 100,000 unless named.", DefaultValueFactory = _ => MinCount };
        var parts = new Option<string[]>("--part") { Description = $"Of --growth: {string.Join(", ", GrowthBenchmark.Parts)}; all unless named.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [.. GrowthBenchmark.Parts] };
        parts.AcceptOnlyFromAmong([.. GrowthBenchmark.Parts]);
        var seed = new Option<int>("--seed") { Description = "Of --faults and --fuzz: where the draw begins; 1 unless named.", DefaultValueFactory = _ => 1 };
        foreach (var option in (Option[])[only, json, rounds, seconds, users, soak, minutes, overload, overloadSeconds, erase, schedules, catalogue, dimension, growth, most, parts, seed,
            .. FaultsOption.Create(seed), FuzzOption.Create(seed), ProvidersOption.Create(rounds, seconds)])
            root.Add(option);
        most.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < MinCount)
                result.AddError($"--most: a line needs two sizes, so at least {MinCount:N0}.");
        });
        only.Validators.Add(result =>
        {
            foreach (var name in result.GetValueOrDefault<string[]>()!.Where(name => !benchmarks.Any(b => b.Measures(name))))
                result.AddError($"--only {name}: there is no such measurement.");
        });
        root.SetAction((parsed, cancellationToken) =>
        {
            var named = parsed.GetValue(only) is { Length: > 0 } names ? [.. benchmarks.Where(b => names.Any(b.Measures))] : benchmarks;
            if (parsed.GetValue(overload))
                Processors.Take(Processors.First); // of the servers, which inherit it; the load generator moves to the others
            return RunAsync(
                parsed.GetValue(growth) is null ? [] : UnboundedRedis,
                servers => new Bench(servers, parsed.GetValue(rounds), TimeSpan.FromSeconds(parsed.GetValue(seconds)), parsed.GetValue(users), cancellationToken),
                bench => parsed.GetValue(growth) is { } folder ? GrowAsync(bench, folder, parsed.GetValue(parts)!, parsed.GetValue(most))
                    : parsed.GetValue(overload) ? TellAsync(bench, OverloadBenchmark.RunAsync(bench, TimeSpan.FromSeconds(parsed.GetValue(overloadSeconds))))
                    : parsed.GetValue(erase) is > 0 and var erasures ? TellAsync(bench, EraseBenchmark.RunAsync(bench, erasures, parsed.GetValue(schedules)))
                    : parsed.GetValue(catalogue) is > 0 and var items ? TellAsync(bench, CatalogueBenchmark.RunAsync(bench, items, parsed.GetValue(dimension)))
                    : parsed.GetValue(soak) ? TellAsync(bench, SoakBenchmark.RunAsync(bench, TimeSpan.FromMinutes(parsed.GetValue(minutes))))
                    : MeasureAsync(bench, named, parsed.GetValue(json)));
        });
        return root;
    }

    private static bool Measures(this Benchmark benchmark, string name) => name == benchmark.Name || name.StartsWith($"{benchmark.Name}.", StringComparison.Ordinal);

    private static async Task<int> RunAsync(string[] redisArguments, Func<BenchServers, Bench> create, Func<Bench, Task<int>> work)
    {
        try
        {
            await using var servers = await BenchServers.StartAsync(redisArguments);
            return await work(create(servers));
        }
        catch (Exception e) when (Cause(e) is InvalidOperationException or IOException or CommandException or ProfileServiceException or HttpRequestException or SocketException or TimeoutException or RedisException or NpgsqlException)
        {
            await Console.Error.WriteLineAsync($"bench: {Cause(e).Message}");
            return 1;
        }
    }

    private static Exception Cause(Exception e) => e is AggregateException several ? several.GetBaseException() : e;

    private static async Task<int> MeasureAsync(Bench bench, Benchmark[] benchmarks, string? json)
    {
        var metrics = new List<Metric>();
        foreach (var benchmark in benchmarks)
        {
            await Console.Error.WriteLineAsync($"{benchmark.Name}:");
            metrics.AddRange(await benchmark.RunAsync(bench));
        }

        bench.Notes.Insert(0, $"Median of {bench.RoundCount} rounds, one measurement at a time. Service, limit, load generator ({Bench.Connections} connections), Redis and PostgreSQL share all {Environment.ProcessorCount} processors. {BenchServers.Description}.\n");
        Report.Print(Console.Out, bench, metrics);
        if (json is not null)
            await Report.WriteJsonAsync(json, metrics);
        return 0;
    }

    /// <summary>Prints the figures; 1 where one misses its goal.</summary>
    private static async Task<int> TellAsync(Bench bench, Task<IReadOnlyList<Metric>> running)
    {
        var metrics = await running;
        Report.Print(Console.Out, bench, metrics);
        return metrics.All(m => m.IsMet != false) ? 0 : 1;
    }

    private static async Task<int> GrowAsync(Bench bench, string folder, string[] parts, int most)
    {
        await GrowthBenchmark.RunAsync(bench, folder, parts, most);
        Console.WriteLine(await File.ReadAllTextAsync(Path.Combine(folder, "growth.md")));
        return 0;
    }
}
