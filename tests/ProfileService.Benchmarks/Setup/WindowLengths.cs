namespace ProfileService.Benchmarks.Setup;

/// <summary>Lengths of windows, drawn as two public data sets have them.</summary>
internal static class WindowLengths
{
    /// <summary>maxEvents of the reference packages.</summary>
    public const int Longest = 100;

    /// <summary>Amazon Beauty (5-core): 22,363 users, none with less than 5 events, 8.9 in the mean; most have few.</summary>
    public static int Short(Random random) => Math.Min(Longest, 5 + (int)Exponential(random, 4.4));

    /// <summary>
    /// MovieLens-100K: 943 users, none with less than 20 ratings; of the newest 100, about 70 in the mean, and a third of the windows full.
    /// </summary>
    public static int Long(Random random) => Math.Min(Longest, 20 + (int)Exponential(random, 80));

    private static double Exponential(Random random, double mean) => -mean * Math.Log(1 - random.NextDouble());
}
