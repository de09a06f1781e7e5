namespace ProfileService.Lookup;

/// <summary>How much may be asked for at once by the doors that answer with lists.</summary>
internal static class QueryLimits
{
    public const int DefaultCount = 20;
    public const int MaxCount = 1_000;
}
