using Microsoft.Net.Http.Headers;

namespace ProfileService.Platform;

/// <summary>Which of two forms of an answer a client wants, by its Accept header.</summary>
internal static class AcceptHeader
{
    private const string AnyApplication = "application/*";
    private const string Anything = "*/*";

    /// <summary>
    /// Whether the client prefers a form to the usual one: it names the form with a higher quality, or with the same and not after it.
    /// A usual form that it does not name has the quality of <c>application/*</c> or <c>*/*</c>; the other form has to be named.
    /// </summary>
    public static bool Prefers(HttpRequest request, string form, string usual)
    {
        var accepted = request.GetTypedHeaders().Accept;
        if (Find(accepted, form) is not { Quality: > 0 } wanted)
            return false;
        if (Find(accepted, usual) is { } named)
            return wanted.Quality > named.Quality || (wanted.Quality == named.Quality && wanted.At < named.At);
        return wanted.Quality >= ((Find(accepted, AnyApplication) ?? Find(accepted, Anything))?.Quality ?? 0);
    }

    private static (int At, double Quality)? Find(IList<MediaTypeHeaderValue> accepted, string type)
    {
        for (var i = 0; i < accepted.Count; i++)
        {
            if (IsNamed(accepted[i], type))
                return (i, accepted[i].Quality ?? 1);
        }

        return null;
    }

    private static bool IsNamed(MediaTypeHeaderValue accepted, string type) =>
        accepted.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase);
}
