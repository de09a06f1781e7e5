namespace ProfileService.Client;

/// <summary>What this client may do.</summary>
/// <param name="Mode">How the service recognises its callers: None, Keys, Oidc or Both.</param>
/// <param name="Caller">Name of the API key, or of whom the token was issued to; null if the service asks nobody.</param>
/// <param name="Scopes">The scopes that the client has, such as <c>profiles:read</c>.</param>
public sealed record Access(string Mode, string? Caller, IReadOnlyList<string> Scopes);
