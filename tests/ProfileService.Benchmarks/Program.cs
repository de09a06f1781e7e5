using System.CommandLine;
using ProfileService.Benchmarks.Limits;
using ProfileService.Benchmarks.Measurements;
using ProfileService.Benchmarks.Setup;
using ProfileService.Benchmarks.WindowLayouts;

namespace ProfileService.Benchmarks;

internal static class Program
{
    // Every measurement of DESIGN section 7; docs/benchmarks.md says what exactly is measured and why so.
    private static readonly Benchmark[] Benchmarks =
    [
        new("refresh", RefreshBenchmark.RunAsync),
        new("model", ModelBenchmark.RunAsync),
        new("ingest", IngestBenchmark.RunAsync),
        new("kafka", KafkaBenchmark.RunAsync),
        new("lookup", LookupBenchmark.RunAsync),
        new("auth", AuthBenchmark.RunAsync),
        new("freshness", FreshnessBenchmark.RunAsync),
        new("redis", RedisMemoryBenchmark.RunAsync),
        new("recommendations", RecommendationsBenchmark.RunAsync),
    ];

    private static Task<int> Main(string[] args) =>
        new RootCommand("Measures the service against its limits; ./bench builds and starts it.")
        {
            WindowLayoutsCommand.Create(),
            BareEndpoint.Command(),
            BareStore.Command(),
        }.WithBenchmarks(Benchmarks).Parse(args).InvokeAsync();
}
