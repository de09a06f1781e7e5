namespace ProfileService.Client;

/// <summary>A token for a page, which sends events of one user by it and can do nothing else.</summary>
/// <param name="Token">
/// Goes into the bodies that the page sends to <c>/v1/beacon</c>. Whoever has it can read the user's id in it.
/// </param>
/// <param name="ExpiresAt">When it ends.</param>
public sealed record PageToken(string Token, DateTimeOffset ExpiresAt);

internal sealed record TokenRequest(int? ExpiresInSeconds);
