using Microsoft.AspNetCore.Connections.Features;

namespace ProfileService.Platform;

/// <summary>Tells a client, before the answer starts, that its connection ends with it.</summary>
internal static class ConnectionClose
{
    /// <summary>By a header, or by GOAWAY in HTTP/2.</summary>
    public static void Ask(HttpContext context)
    {
        if (!TryAsk(context))
            context.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
    }

    /// <summary>Where the request is of HTTP/1; in HTTP/2 a request does not break the connection.</summary>
    public static bool TryAsk(HttpContext context)
    {
        var protocol = context.Request.Protocol;
        if (!HttpProtocol.IsHttp11(protocol) && !HttpProtocol.IsHttp10(protocol))
            return false;
        context.Response.Headers.Connection = "close";
        return true;
    }
}
