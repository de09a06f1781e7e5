using ProfileService.Benchmarks.Figures;

namespace ProfileService.Benchmarks.Setup;

/// <summary>What every measurement works with.</summary>
/// <param name="Span">How long one measurement of a round takes.</param>
/// <param name="Users">With a window of <see cref="WindowLength"/> events each.</param>
internal sealed record Bench(BenchServers Servers, int RoundCount, TimeSpan Span, int Users, CancellationToken Cancellation)
{
    public const int WindowLength = 50;
    public const int Connections = 32;
    public const int EventsPerRequest = 100;

    /// <summary>Lines that go below the table.</summary>
    public List<string> Notes { get; } = [];

    public Rounds Rounds => new(RoundCount, Tell);

    public static void Tell(string what) => Console.Error.WriteLine($"  {what}");
}

/// <summary>A measured path.</summary>
/// <param name="Name">What its metrics' names begin with.</param>
internal sealed record Benchmark(string Name, Func<Bench, Task<IReadOnlyList<Metric>>> RunAsync);
