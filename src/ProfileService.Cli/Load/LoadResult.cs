namespace ProfileService.Cli.Load;

/// <summary>The result of a run.</summary>
/// <param name="Latencies">Latencies of successful requests.</param>
/// <param name="Done">Profiles read or events accepted.</param>
/// <param name="Errors">Number of failed requests.</param>
internal sealed record LoadResult(TimeSpan Duration, LatencyHistogram Latencies, long Done, long Errors, string? FirstError)
{
    public double RequestsPerSecond => Latencies.Count / Duration.TotalSeconds;

    public double DonePerSecond => Done / Duration.TotalSeconds;

    public double P50 => Milliseconds(.5);

    public double P95 => Milliseconds(.95);

    public double P99 => Milliseconds(.99);

    /// <summary>Combines the results of concurrent connections.</summary>
    public static LoadResult Of(IEnumerable<LoadResult> parts)
    {
        var latencies = new LatencyHistogram();
        var all = parts.ToList();
        all.ForEach(p => latencies.Add(p.Latencies));
        var firstError = all.Select(p => p.FirstError).FirstOrDefault(e => e is not null);
        return new LoadResult(all[0].Duration, latencies, all.Sum(p => p.Done), all.Sum(p => p.Errors), firstError);
    }

    private double Milliseconds(double share) => Latencies.Percentile(share).TotalMilliseconds;
}
