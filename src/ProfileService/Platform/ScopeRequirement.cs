using Microsoft.AspNetCore.Authorization;

namespace ProfileService.Platform;

/// <summary>Metadata of a route: a scope that a caller needs for each request, or for those that a condition selects.</summary>
/// <param name="Scope">One of <see cref="Scopes"/>.</param>
/// <param name="Part">The part of an answer that requires the scope, as <c>include</c> names it; null for every request.</param>
internal sealed record ScopeRequirement(string Scope, string? Part = null) : IAuthorizationRequirement, IAuthorizationRequirementData
{
    private const string Include = "include";

    public IEnumerable<IAuthorizationRequirement> GetRequirements() => [this];

    public bool AppliesTo(HttpRequest request) =>
        Part is null || request.Query[Include].ToString().Contains(Part, StringComparison.OrdinalIgnoreCase);
}

internal static class ScopeRequirements
{
    /// <summary>Lets only callers use the route that have all of these scopes.</summary>
    public static TRoute RequiresScopes<TRoute>(this TRoute route, params string[] scopes)
        where TRoute : IEndpointConventionBuilder => route.WithMetadata([.. scopes.Select(scope => new ScopeRequirement(scope))]);

    /// <summary>Requires a further scope for a part of the answer that a request may include.</summary>
    public static TRoute RequiresScopeFor<TRoute>(this TRoute route, string part, string scope)
        where TRoute : IEndpointConventionBuilder => route.WithMetadata(new ScopeRequirement(scope, part));
}
