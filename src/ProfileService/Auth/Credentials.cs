namespace ProfileService.Auth;

/// <summary>What a request presents to sign in.</summary>
internal static class Credentials
{
    private const string Bearer = "Bearer ";

    /// <summary>A key or a token; empty if the request has none.</summary>
    public static ReadOnlySpan<char> Of(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? header.AsSpan(Bearer.Length).Trim() : default;
    }

    public static bool AreKey(HttpRequest request) => Of(request).StartsWith(ApiKey.Prefix);
}
