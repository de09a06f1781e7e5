using ProfileService.Platform.Settings;

namespace ProfileService.Platform;

internal static class HostingRoles
{
    /// <summary>Whether this process does what a role stands for.</summary>
    public static bool Does(this IConfiguration configuration, HostingRole role)
    {
        var own = configuration.Read<HostingOptions>().Role;
        return own == HostingRole.All || own == role;
    }
}
