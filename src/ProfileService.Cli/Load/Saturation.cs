namespace ProfileService.Cli.Load;

/// <summary>Where more connections stop to help.</summary>
/// <param name="Result">At the connections named.</param>
internal sealed record Saturation(int Connections, LoadResult Result)
{
    private const int First = 4;
    private const int Most = 1_024;
    private const double LeastGain = 1.05;

    /// <summary>Doubles the connections until throughput gains less than 5 %; returns the last number that still gained.</summary>
    public static Saturation Find(Func<int, LoadResult> run)
    {
        var best = new Saturation(First, run(First));
        for (var connections = 2 * First; connections <= Most; connections *= 2)
        {
            var next = run(connections);
            if (next.RequestsPerSecond < LeastGain * best.Result.RequestsPerSecond)
                break;
            best = new Saturation(connections, next);
        }

        return best;
    }
}
