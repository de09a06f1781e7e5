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
        while (!cancellationToken.IsCancellationRequested && !seeds.IsEmpty)
        {
            await using var postgres = await FaultyPostgres.StartAsync(); // anew after a schedule that left it struck
            while (!cancellationToken.IsCancellationRequested && seeds.TryDequeue(out var seed)
                && await TryRunAsync(Schedule.Draw(seed), postgres) is { } result)
                results.Add(result);
        }
    }

    // A server that does not come up ends its schedule, not the others; the exit status tells.
    private static async Task<FaultResult?> TryRunAsync(Schedule schedule, FaultyPostgres postgres)
    {
        try
        {
            var result = await FaultRun.RunAsync(schedule, postgres);
            Console.WriteLine(result);
            return result;
        }
        catch (Exception e) when (e is InvalidOperationException or IOException or TimeoutException or SocketException or NpgsqlException)
        {
            Console.WriteLine($"seed {schedule.Seed}: broke off | {schedule}\n    {e.Message.ReplaceLineEndings("\n    ")}");
            return null;
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
