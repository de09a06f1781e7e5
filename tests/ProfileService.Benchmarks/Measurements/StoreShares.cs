using System.Globalization;
using ProfileService.Benchmarks.Figures;

namespace ProfileService.Benchmarks.Measurements;

/// <summary>
/// The CPU time that Redis and PostgreSQL spend on a user while something is measured, from /proc: their own, not the waiting for disks,
/// and of all of them on this machine.
/// </summary>
internal sealed class StoreShares(int users)
{
    private const double TicksPerSecond = 100; // USER_HZ, the same on every Linux
    private static readonly string[] Programs = ["redis-server", "postgres"];

    private readonly Dictionary<string, List<double[]>> _shares = [];

    public async Task<double> OfAsync(string what, Func<Task<double>> measure)
    {
        var before = Now();
        var figure = await measure();
        var share = Now().Zip(before, (after, b) => (after - b).TotalMicroseconds / users);
        if (!_shares.TryGetValue(what, out var shares))
            _shares.Add(what, shares = []);
        shares.Add([.. share]);
        return figure;
    }

    /// <summary>Median, least and most of the last rounds, for instance <c>Redis 21 (20 to 24), PostgreSQL 30 (28 to 33)</c>.</summary>
    public string Text(string what, int rounds)
    {
        var last = _shares[what].TakeLast(rounds).ToList();
        return $"Redis {Of(0)}, PostgreSQL {Of(1)}";

        string Of(int program) => Spread.Of([.. last.Select(share => share[program])]).Text("0");
    }

    // A process counts those of its children that have ended, as the one that rewrites Redis's file.
    private static TimeSpan[] Now()
    {
        var ticks = new double[Programs.Length];
        foreach (var folder in Directory.EnumerateDirectories("/proc").Where(f => char.IsAsciiDigit(Path.GetFileName(f)[0])))
        {
            if (Read($"{folder}/stat") is not { } stat)
                continue;
            var end = stat.LastIndexOf(')');
            if (Array.IndexOf(Programs, stat[(stat.IndexOf('(') + 1)..end]) is >= 0 and var program)
                ticks[program] += stat[(end + 2)..].Split(' ').Skip(11).Take(4).Sum(n => double.Parse(n, CultureInfo.InvariantCulture));
        }

        return Array.ConvertAll(ticks, t => TimeSpan.FromSeconds(t / TicksPerSecond));
    }

    private static string? Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException) // it has ended meanwhile
        {
            return null;
        }
    }
}
