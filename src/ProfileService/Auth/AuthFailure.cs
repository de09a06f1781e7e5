namespace ProfileService.Auth;

/// <summary>Why a caller's credentials were not accepted.</summary>
/// <param name="code">For programs.</param>
internal sealed class AuthFailure(string code, string message) : Exception(message)
{
    public static readonly AuthFailure Missing = new(
        "credentials_missing", "This service asks who its callers are. Send an API key or an access token: Authorization: Bearer …");

    public static readonly AuthFailure Invalid = new(
        "credentials_invalid",
        "The API key or access token in the Authorization header is not valid here. Check that it is whole, and for this service.");

    public static readonly AuthFailure Expired = new(
        "credentials_expired",
        "The API key or access token has expired. Get a new one: profiles keys rotate, or from the identity provider.");

    public static readonly AuthFailure Revoked = new(
        "credentials_revoked", "The API key was revoked. Ask whoever operates this service for another one.");

    public static readonly AuthFailure ProviderUnavailable = new(
        "identity_provider_unavailable",
        "The identity provider (Auth:Authority) does not respond, so that no token can be checked. Try again.");

    public string Code => code;
}
