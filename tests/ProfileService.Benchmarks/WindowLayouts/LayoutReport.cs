using System.Globalization;

namespace ProfileService.Benchmarks.WindowLayouts;

/// <summary>The figures as Markdown.</summary>
internal static class LayoutReport
{
    public static async Task WriteAsync(
        TextWriter output, MeasuredRedis redis, int rounds, IReadOnlyList<LayoutSpeed> speeds, IReadOnlyList<LayoutMemory> memories)
    {
        await output.WriteLineAsync($"{redis.Description}; {Environment.ProcessorCount} processors; median of {rounds} rounds (least to most).");
        await output.WriteLineAsync("Store work only: the rules that the service computes are left out, those in Lua are in.");
        await output.WriteLineAsync("""

            | ids | events | layout | appends/s | Redis CPU, µs an append | file, bytes an append | network, bytes an append | window reads/s |
            |---|---|---|---|---|---|---|---|
            """);
        foreach (var s in speeds)
        {
            await output.WriteLineAsync(
                $"| {Ids(s.GivesIds)} | {s.Events} | {s.Layout} | {s.Appends.Text("N0")} | {s.Cpu.Text("F1")} | {Number(s.FileBytes.Median)} | {Number(s.NetworkBytes.Median)} | {s.Reads.Text("N0")} |");
        }

        await output.WriteLineAsync("""

            | ids | layout | record, bytes | memory, bytes an event | memory, bytes a user |
            |---|---|---|---|---|
            """);
        foreach (var m in memories)
            await output.WriteLineAsync($"| {Ids(m.GivesIds)} | {m.Layout} | {m.RecordBytes.ToString("F1", CultureInfo.InvariantCulture)} | {m.PerEvent.ToString("F1", CultureInfo.InvariantCulture)} | {Number(m.PerUser)} |");
    }

    private static string Ids(bool given) => given ? "UUID" : "derived";

    private static string Number(double value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
