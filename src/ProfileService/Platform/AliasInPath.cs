namespace ProfileService.Platform;

/// <summary>Feature of a request whose path names an alias: the route's value is the person's id instead.</summary>
/// <param name="UserId">The alias.</param>
internal sealed record AliasInPath(string UserId);
