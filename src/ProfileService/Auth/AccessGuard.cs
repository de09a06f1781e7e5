using System.Net;
using Microsoft.Extensions.Options;
using ProfileService.Platform;

namespace ProfileService.Auth;

/// <summary>
/// Refuses requests that come by an address that is not loopback while everyone may use the service. <see cref="AuthRules"/> prevents that
/// by the settings; this prevents it for addresses that are not among them.
/// </summary>
internal sealed partial class AccessGuard(IOptions<AuthOptions> options, ILogger<AccessGuard> logger)
{
    private readonly bool _isOpen = options.Value.OpenToEveryone;

    public void WarnIfOpen()
    {
        if (_isOpen)
            LogOpen();
    }

    /// <summary>A Unix socket has no address; who may use it is a matter of its file.</summary>
    public bool Allows(ConnectionInfo connection) =>
        _isOpen || connection.LocalIpAddress is not { } address || IPAddress.IsLoopback(address) || IsMappedLoopback(address);

    private static bool IsMappedLoopback(IPAddress address) => address.IsIPv4MappedToIPv6 && IPAddress.IsLoopback(address.MapToIPv4());

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Everyone who reaches this service may read and write everything: Auth:OpenToEveryone is true, and Auth:Mode is None")]
    private partial void LogOpen();
}

internal static class AccessGuardSetup
{
    public static void UseAccessGuard(this WebApplication app)
    {
        var guard = app.Services.GetRequiredService<AccessGuard>();
        guard.WarnIfOpen();
        app.Use(next => context => guard.Allows(context.Connection)
            ? next(context)
            : Problems.Of(
                StatusCodes.Status403Forbidden,
                "loopback_only",
                "Auth:Mode is None, so that this service answers on loopback addresses only. Set Auth:Mode to Keys for others.")
                .ExecuteAsync(context));
    }
}
