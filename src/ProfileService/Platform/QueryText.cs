using System.Net;
using System.Text;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;

namespace ProfileService.Platform;

/// <summary>
/// The values of a query are UTF-8. The server leaves other bytes as they were written, %FF, which is another text: an <c>after</c> in
/// Latin-1 would begin a list anew instead of going on with it.
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
            if (!IsUtf8(pair.EncodedValue.Span))
                return ProblemOfValue(ShortText.Of(pair.DecodeName().ToString()));
        }

        return null;
    }

    private static ProblemHttpResult ProblemOfValue(string name) =>
        Problems.Bad("invalid_text", name, $"{name} is not valid: write it as UTF-8, with %XX for bytes that a URL cannot contain.");

    private static bool IsUtf8(ReadOnlySpan<char> encoded)
    {
        var bytes = Encoding.UTF8.GetBytes(encoded.ToArray());
        return Utf8.IsValid(WebUtility.UrlDecodeToBytes(bytes, 0, bytes.Length));
    }
}
