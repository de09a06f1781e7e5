using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.Configuration.KeyPerFile;

namespace ProfileService.Platform.Settings;

/// <summary>Where settings stand: the arguments, the environment, a file.</summary>
internal sealed record SettingPlace(IConfigurationSource Source, IConfigurationProvider Provider)
{
    // Names that other programs have are no business of ours; one with a colon, __ in the environment, that begins like ours is.
    private static readonly string[] Heads = [.. SettingNames.Sections, .. FrameworkNames.Sections, "Redis", "Postgres"];

    /// <summary>In the order in which later ones override earlier ones.</summary>
    public static IEnumerable<SettingPlace> All(ConfigurationManager configuration) =>
        ((IConfigurationBuilder)configuration).Sources.Zip(((IConfigurationRoot)configuration).Providers, (source, provider) => new SettingPlace(source, provider));

    /// <summary>The place that a setting's value comes from; null where nobody gave one.</summary>
    public static SettingPlace? Of(ConfigurationManager configuration, string path) => All(configuration).LastOrDefault(place => place.Provider.TryGet(path, out _));

    /// <summary>Whether a value of this place may be repeated in a message.</summary>
    public bool IsSecret => Source is KeyPerFileConfigurationSource or SecretFileSource;

    /// <summary>Names in this place that are meant for this program.</summary>
    public IEnumerable<string> Names => Source switch
    {
        CommandLineConfigurationSource or JsonConfigurationSource or KeyPerFileConfigurationSource => Leaves(null),
        EnvironmentVariablesConfigurationSource { Prefix: "ASPNETCORE_" } => Leaves(null).Where(name => IsOurs(name) || FrameworkNames.IsAlmost(name)),
        EnvironmentVariablesConfigurationSource => Leaves(null).Where(name => IsOurs(name) || name.StartsWith("OTEL_", StringComparison.OrdinalIgnoreCase) && FrameworkNames.IsAlmost(name)),
        _ => [],
    };

    /// <summary>A name as it stands in this place.</summary>
    public string Describe(string path) => Source switch
    {
        CommandLineConfigurationSource => $"argument --{path}",
        EnvironmentVariablesConfigurationSource { Prefix: { Length: > 0 } prefix } when !path.Contains(':', StringComparison.Ordinal) => $"environment variable {prefix}{path.ToUpperInvariant()}",
        EnvironmentVariablesConfigurationSource environment => $"environment variable {environment.Prefix}{WithUnderscores(path)}",
        JsonConfigurationSource json => $"{json.Path}",
        KeyPerFileConfigurationSource => $"file {WithUnderscores(path)} in {SecretFiles.Directory}",
        SecretFileSource => $"the file that {path}:{SettingNames.File} names",
        _ => "setting of the host",
    };

    private static string WithUnderscores(string path) => path.Replace(":", "__", StringComparison.Ordinal);

    private static bool IsOurs(string name) => name.Contains(':', StringComparison.Ordinal)
        ? Heads.Any(head => EditDistance.AreNear(SettingNames.SectionOf(name), head))
        : name.StartsWith("ConnectionString", StringComparison.OrdinalIgnoreCase);

    private IEnumerable<string> Leaves(string? parent) =>
        from key in Provider.GetChildKeys([], parent).Distinct(StringComparer.OrdinalIgnoreCase)
        let path = parent is null ? key : $"{parent}:{key}"
        from leaf in IsLeaf(path) ? Leaves(path).Prepend(path) : Leaves(path)
        select leaf;

    // An empty object or list of a JSON file says nothing.
    private bool IsLeaf(string path) => Provider.TryGet(path, out var value) && !(string.IsNullOrEmpty(value) && (SettingNames.IsSection(path) || FrameworkNames.IsSection(path)));
}
