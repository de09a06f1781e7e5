using Microsoft.AspNetCore.Http.HttpResults;

namespace ProfileService.Lookup;

/// <summary>How much may be asked for at once by the doors that answer with lists.</summary>
internal static class QueryLimits
{
    public const int DefaultCount = 20;
    public const int MaxCount = 1_000;

    /// <summary>400 that names the field, or null where the count is right.</summary>
    public static ProblemHttpResult? ProblemOf(int count) => count is >= 1 and <= MaxCount
        ? null
        : TypedResults.Problem($"count must be 1 to {MaxCount:N0}.", statusCode: StatusCodes.Status400BadRequest);
}
