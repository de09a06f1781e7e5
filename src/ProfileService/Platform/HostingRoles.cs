using ProfileService.Platform.Settings;

namespace ProfileService.Platform;

internal static class HostingRoles
{
    /// <summary>Whether this process has the role, either alone or as part of <see cref="HostingRole.All"/>.</summary>
    public static bool Does(this IConfiguration configuration, HostingRole role)
    {
        var own = configuration.Read<HostingOptions>().Role;
        return own == HostingRole.All || own == role;
    }
}
