using ProfileService.Platform;
using ProfileService.Windows;

namespace ProfileService.Host;

/// <summary>Has every route with a user in its path deal with the person, whichever of the person's ids the path names.</summary>
internal static class AliasedRoutes
{
    private const string UserId = "userId";

    /// <summary>Must follow the request rules, which correct the id.</summary>
    public static void UseAliases(this WebApplication app)
    {
        var aliases = app.Services.GetRequiredService<UserAliases>();
        app.Use((context, next) =>
        {
            if (aliases.IsAny && context.Request.RouteValues[UserId] is string userId && aliases.Find(userId) is { } alias)
            {
                context.Request.RouteValues[UserId] = alias.PersonId;
                context.Features.Set(new AliasInPath(userId));
            }

            return next(context);
        });
    }
}
