namespace ProfileService.Windows.Redis.Layout;

/// <summary>
/// How long keys last: a thousandth longer than <see cref="WindowOptions.IdleTtl"/>, so that an append has to renew them only if the
/// last one was in another such period.
/// </summary>
internal static class RedisTtl
{
    public const int Periods = 1_001; // as the script divides it

    /// <summary>In ms.</summary>
    public static long Of(WindowOptions options) => Periods * (long)Math.Ceiling(options.IdleTtl.TotalMilliseconds / (Periods - 1));
}
