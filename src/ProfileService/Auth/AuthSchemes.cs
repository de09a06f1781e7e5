namespace ProfileService.Auth;

/// <summary>Names of the ways to sign in.</summary>
internal static class AuthSchemes
{
    public const string Key = "Key";

    public const string Token = "Token";

    /// <summary>A key or a token, whichever the request has.</summary>
    public const string Either = "Either";
}
