using Microsoft.AspNetCore.Authorization;
using ProfileService.Platform;

namespace ProfileService.Auth;

/// <summary>Decides whether a caller has a scope that a route requires.</summary>
internal sealed class ScopeHandler : AuthorizationHandler<ScopeRequirement>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, ScopeRequirement requirement)
    {
        if (context.User.Has(requirement.Scope) || (context.Resource is HttpContext http && !requirement.AppliesTo(http.Request)))
            context.Succeed(requirement);
        return Task.CompletedTask;
    }
}
