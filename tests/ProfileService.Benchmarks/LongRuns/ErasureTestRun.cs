using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using ProfileService.Benchmarks.Figures;
using ProfileService.Benchmarks.Setup;

namespace ProfileService.Benchmarks.LongRuns;

/// <summary>
/// The tests that hold what an erasure promises, whole: drawn schedules, some with a failover of Redis, the search of every file, key,
/// table and log for an erased user, and the matrix of routes and scopes.
/// </summary>
internal static partial class ErasureTestRun
{
    private const int Stores = 2; // the schedules run on each pair

    private static readonly string[] Classes = ["*ErasureTests", "*CanaryTests", "*LostMarksTests", "*ScopeMatrixTests"];

    public static async Task<Metric> RunAsync(Bench bench, int schedules)
    {
        Bench.Tell($"running {schedules:N0} schedules, the scans and the matrix");
        var (passed, failed) = await CountAsync(schedules, bench.Cancellation);
        bench.Notes.Add(string.Create(CultureInfo.InvariantCulture,
            $"Erasure tests: {passed} passed, {failed} failed, with {schedules:N0} schedules, half of them on each pair of stores."));
        return Metric.Of("erase.failed_tests", [passed == 0 ? 1 : failed], "tests", Goal.AtMost(0));
    }

    private static async Task<(int Passed, int Failed)> CountAsync(int schedules, CancellationToken cancellationToken)
    {
        using var tests = Process.Start(StartInfo(schedules))!;
        await using var ending = cancellationToken.Register(() => tests.Kill(entireProcessTree: true));
        var (passed, failed) = (0, 0);
        while (await tests.StandardOutput.ReadLineAsync(CancellationToken.None) is { } line)
        {
            Bench.Tell(line);
            if (Sum().Match(line) is { Success: true } sum)
                (passed, failed) = sum.Groups[1].Value == "failed" ? (passed, Number(sum)) : (Number(sum), failed);
        }

        await tests.WaitForExitAsync(CancellationToken.None);
        return (passed, failed);
    }

    private static ProcessStartInfo StartInfo(int schedules)
    {
        string[] filters = [.. Classes.SelectMany(name => (string[])["--filter-class", name])];
        var dll = Repository.Path("artifacts/bin/ProfileService.Tests/release/ProfileService.Tests.dll");
        var start = new ProcessStartInfo("dotnet", [dll, "--no-progress", .. filters]) { RedirectStandardOutput = true };
        start.Environment["ERASURE_SCHEDULES"] = $"{schedules / Stores}";
        return start;
    }

    private static int Number(Match sum) => int.Parse(sum.Groups[2].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\s*(succeeded|failed): (\d+)$")]
    private static partial Regex Sum();
}
