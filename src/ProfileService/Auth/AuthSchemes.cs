namespace ProfileService.Auth;

/// <summary>Names of the ways to sign in.</summary>
internal static class AuthSchemes
{
    public const string Key = "Key";

    public const string Token = "Token";

    /// <summary>A key or a token, whichever the request has.</summary>
    public const string Either = "Either";

    private const string Bearer = "Bearer ";

    /// <summary>What a request presents; empty if nothing.</summary>
    public static ReadOnlySpan<char> CredentialsOf(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? header.AsSpan(Bearer.Length).Trim() : default;
    }

    public static bool PresentsKey(HttpRequest request) => CredentialsOf(request).StartsWith(ApiKey.Prefix);
}
