namespace ProfileService.Platform;

/// <summary>Metadata of a route that every known caller may use, whatever its scopes.</summary>
internal sealed record AnyCaller;
