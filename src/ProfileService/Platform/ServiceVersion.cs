using System.Reflection;

namespace ProfileService.Platform;

/// <summary>The version of the service, without the commit that it was built from.</summary>
internal static class ServiceVersion
{
    public static string Current { get; } =
        Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
