namespace ProfileService.Lookup;

/// <summary>How many entries a list in an answer may have.</summary>
internal static class QueryLimits
{
    public const int DefaultCount = 20;
    public const int MaxCount = 1_000;
}
