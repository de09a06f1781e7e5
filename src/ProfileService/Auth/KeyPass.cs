using ProfileService.Platform;

namespace ProfileService.Auth;

/// <summary>
/// Admits requests whose API key allows all that their route requires. The framework's pipeline would decide the same, at about the cost of
/// a lookup once more; it decides of all other requests.
/// </summary>
internal sealed class KeyPass(KeyRing ring, TimeProvider time)
{
    public bool Admits(HttpContext context)
    {
        var now = time.GetUtcNow();
        if (context.GetEndpoint() is not RouteEndpoint endpoint
            || endpoint.Metadata.GetOrderedMetadata<ScopeRequirement>() is not { Count: > 0 } required
            || ring.Find(Credentials.Of(context.Request)) is not { } key
            || key.FailureAt(now) is not null
            || !Allows(key.Caller, required, context.Request))
            return false;
        key.UsedAt(now);
        context.User = key.Caller;
        return true;
    }

    private static bool Allows(Caller caller, IReadOnlyList<ScopeRequirement> required, HttpRequest request)
    {
        foreach (var requirement in required)
        {
            if (requirement.AppliesTo(request) && !caller.Has(requirement.Scope))
                return false;
        }

        return true;
    }
}
