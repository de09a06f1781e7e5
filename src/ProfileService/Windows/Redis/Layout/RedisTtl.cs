namespace ProfileService.Windows.Redis.Layout;

/// <summary>
/// Time to live of keys: a thousandth longer than <see cref="WindowOptions.IdleTtl"/>, because an append renews it only if the last append
/// was in another thousandth of that time.
/// </summary>
internal static class RedisTtl
{
    public const int Periods = 1_001; // as the script divides it

    /// <summary>In ms.</summary>
    public static long Of(WindowOptions options) => Periods * (long)Math.Ceiling(options.IdleTtl.TotalMilliseconds / (Periods - 1));
}
