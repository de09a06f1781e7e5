using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;

namespace ProfileService.Platform;

/// <summary>
/// The values of a query are UTF-8, escaped where a URL needs it. The server leaves other bytes, and what is no escape, as they were
/// written, %FF or %zz, which is another text: an <c>after</c> in Latin-1 would begin a list anew instead of going on with it.
/// </summary>
internal static class QueryText
{
    /// <summary>Returns the first value that is not UTF-8 as a problem, or null.</summary>
    public static ProblemHttpResult? ProblemOf(string query)
    {
        if (!query.Contains('%', StringComparison.Ordinal))
            return null;
        foreach (var pair in new QueryStringEnumerable(query))
        {
            if (!IsText(pair.EncodedValue.Span))
                return ProblemOfValue(ShortText.Of(pair.DecodeName().ToString()));
        }

        return null;
    }

    private static ProblemHttpResult ProblemOfValue(string name) =>
        Problems.Bad(ErrorCodes.InvalidText, name, PercentText.NotValid(name));

    private static bool IsText(ReadOnlySpan<char> encoded) => PercentText.Decode(encoded.ToString()) is not null;
}
