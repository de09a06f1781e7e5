namespace ProfileService.Tests;

/// <summary>
/// Lines that a stream may have anywhere and that say nothing. A stream that has sent so many is fast enough on average, though it is silent
/// for minutes, until a test on a busy machine goes on.
/// </summary>
internal static class BlankLines
{
    /// <summary>1 MiB.</summary>
    public static readonly string Many = string.Concat(Enumerable.Repeat($"{new string(' ', 1_023)}\n", 1_024));
}
