using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using Npgsql;
using ProfileService.TestServers.Faults;

namespace ProfileService.Benchmarks.Faults;

/// <summary>Many schedules, some side by side, each lane with a Postgres of its own; a line for each, and their sum.</summary>
internal static class FaultRuns
{
    public static async Task<int> RunAsync(IReadOnlyList<int> seeds, int lanes, CancellationToken cancellationToken)
    {
        var waiting = new ConcurrentQueue<int>(seeds);
        var results = new ConcurrentBag<FaultResult>();
        await Task.WhenAll(Enumerable.Range(0, Math.Min(lanes, seeds.Count)).Select(_ =>
            Task.Run(() => RunLaneAsync(waiting, results, cancellationToken), cancellationToken)));
        Console.WriteLine(Sum(results));
        return results.Count == seeds.Count && results.All(result => result.IsClean) ? 0 : 1;
    }

    private static async Task RunLaneAsync(ConcurrentQueue<int> seeds, ConcurrentBag<FaultResult> results,
        CancellationToken cancellationToken)
    {
        FaultyPostgres? postgres = null;
        try
        {
            while (!cancellationToken.IsCancellationRequested && seeds.TryDequeue(out var seed))
                await RunNextAsync(seed);
        }
        finally
        {
            await EndAsync();
        }

        async Task RunNextAsync(int seed)
        {
            var schedule = Schedule.Draw(seed);
            try
            {
                postgres ??= await FaultyPostgres.StartAsync();
                var result = await FaultRun.RunAsync(schedule, postgres);
                Console.WriteLine(result);
                results.Add(result);
            }
            catch (Exception e) when (e is InvalidOperationException or IOException or TimeoutException or SocketException or NpgsqlException)
            {
                // A server that does not come up ends its schedule, not the others; the exit status tells.
                Console.WriteLine($"seed {seed}: broke off | {schedule}\n    {e.Message.ReplaceLineEndings("\n    ")}");
                await EndAsync();
            }
        }

        async Task EndAsync() // of a Postgres that a schedule left struck
        {
            if (postgres is not null)
                await postgres.DisposeAsync();
            postgres = null;
        }
    }

    private static string Sum(IReadOnlyCollection<FaultResult> results)
    {
        var left = results.Aggregate(default(FaultLeft), (sum, result) => sum.Add(result.Left));
        return string.Create(CultureInfo.InvariantCulture,
            $"{results.Count} schedules: posted {results.Sum(r => r.Posted):N0}, acknowledged {results.Sum(r => r.Acknowledged):N0}, "
            + $"lost {left.Lost}, invented {left.Invented}, stale {left.Stale}, back {results.Sum(r => r.WentBack.Count)}, "
            + $"ready {results.Sum(r => r.ReadyViolations.Count)} in {results.Count(r => r.ReadyViolations.Count > 0)}");
    }
}
