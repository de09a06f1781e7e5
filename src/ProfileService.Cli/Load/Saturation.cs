namespace ProfileService.Cli.Load;

/// <summary>The number of connections beyond which throughput does not grow.</summary>
/// <param name="Result">The result with that number of connections.</param>
internal sealed record Saturation(int Connections, LoadResult Result)
{
    private const int MinConnections = 4;
    private const int MaxConnections = 1_024;
    private const double MinGain = 1.05;

    /// <summary>Doubles the connections until throughput grows by less than 5 %; returns the last number before that.</summary>
    /// <param name="most">Connections that there may be; null for as many as the search tries.</param>
    public static Saturation Find(Func<int, LoadResult> run, int? most = null)
    {
        var best = new Saturation(MinConnections, run(MinConnections));
        for (var connections = 2 * MinConnections; connections <= Math.Min(most ?? MaxConnections, MaxConnections); connections *= 2)
        {
            var next = run(connections);
            if (next.RequestsPerSecond < MinGain * best.Result.RequestsPerSecond)
                break;
            best = new Saturation(connections, next);
        }

        return best;
    }
}
