namespace ProfileService.Cli.Keys;

/// <summary>How long a key is valid from now on.</summary>
/// <param name="Length">Null for ever.</param>
internal sealed record KeyLifetime(TimeSpan? Length)
{
    /// <summary>Null for never.</summary>
    public DateTime? EndAfter(DateTime now) => now + Length;
}
