using System.Net;
using ProfileService.Benchmarks.Setup;
using ProfileService.Cli.Load;

namespace ProfileService.Benchmarks.Load;

/// <summary>The load of <c>profiles load</c>, for a span of the benchmark. A request that fails makes the measurement fail.</summary>
internal static class BenchLoad
{
    /// <summary>Requests by counted ones: those of the warm-up come to them.</summary>
    public const double WholeByCounted = 1 + WarmUpShare;

    private const double WarmUpShare = .2; // of the span, before it

    public static Task<LoadResult> RunAsync(Bench bench, IPEndPoint server, Func<int, int, IRequestSource> source) =>
        Task.Run(() => Run(bench, server, source, Bench.Connections, bench.Span));

    /// <param name="rate">Requests a second; null for as many as come back.</param>
    public static LoadResult Run(Bench bench, IPEndPoint server, Func<int, int, IRequestSource> source, int connections, TimeSpan span, double? rate = null)
    {
        var result = new LoadRun(server, TimeProvider.System).Run(i => source(i, connections), connections, span * WarmUpShare, span, rate, bench.Cancellation);
        return result.Errors == 0 ? result : throw new InvalidOperationException($"{result.Errors:N0} requests failed. The first: {result.FirstError}");
    }
}
