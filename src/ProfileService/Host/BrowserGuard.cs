using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.HttpResults;
using ProfileService.Auth;
using ProfileService.Beacon;
using ProfileService.Mcp;
using ProfileService.Platform;

namespace ProfileService.Host;

/// <summary>
/// Prevents pages of other sites from using the service through a person's browser. Other clients do not send the headers that it checks.
/// </summary>
internal static class BrowserGuard
{
    private static readonly PathString[] Guarded = ["/v1", McpSetup.Path];

    /// <summary>Must precede the routing, which responds to some requests itself.</summary>
    public static void UseBrowserGuard(this WebApplication app)
    {
        var names = new HostNames(app.Configuration, app.Services.GetRequiredService<IServer>(), app.Lifetime.ApplicationStarted);
        var pages = app.Services.GetRequiredService<PageOrigins>();
        var audited = app.Services.GetService<AuditedRequests>();
        app.Use(next => context =>
        {
            SafeHeaders.Add(context);
            if (!names.Allow(context))
                return WrongHost.ExecuteAsync(context);
            if (!IsCrossSite(context.Request))
                return next(context);
            if (pages.Allow(context.Request))
            {
                SafeHeaders.AllowPage(context);
                return next(context);
            }

            audited?.AddUnseen(context, StatusCodes.Status403Forbidden);
            return CrossSite.ExecuteAsync(context);
        });
    }

    private static ProblemHttpResult WrongHost => Problems.Bad("host_not_allowed", "Host", AllowedHosts.Refusal);

    private static ProblemHttpResult CrossSite => Problems.Of(
        StatusCodes.Status403Forbidden,
        "cross_site",
        "The request comes from a page of another site, which may not use this service through a browser. "
        + "Call the service from a server, or from a page that it serves itself.");

    private static bool IsGuarded(PathString path)
    {
        foreach (var guarded in Guarded) // every request comes here: without a delegate, which would be allocated each time
        {
            if (path.StartsWithSegments(guarded))
                return true;
        }

        return false;
    }

    /// <summary>Checks Sec-Fetch-Site, which no page can forge; if the browser does not send it, Origin.</summary>
    private static bool IsCrossSite(HttpRequest request)
    {
        if (!IsGuarded(request.Path))
            return false;
        var site = request.Headers["Sec-Fetch-Site"];
        if (site.Count > 0)
            return site != "same-origin" && site != "none"; // none: the user typed the address
        var origin = request.Headers.Origin;
        return origin.Count > 0 && !IsOwn(origin.ToString(), request.Host);
    }

    // The scheme is not compared, because it differs behind a proxy with TLS.
    private static bool IsOwn(string origin, HostString host) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri)
        && uri.Host.Equals(host.Host, StringComparison.OrdinalIgnoreCase)
        && (host.Port is { } port ? uri.Port == port : uri.IsDefaultPort);
}
