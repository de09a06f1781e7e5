namespace ProfileService.Platform;

internal static class HostingRoles
{
    /// <summary>Whether this process does what a role stands for.</summary>
    public static bool Does(this IConfiguration configuration, HostingRole role) =>
        !Enum.TryParse(configuration["Hosting:Role"], ignoreCase: true, out HostingRole own) || own == HostingRole.All || own == role;
}
