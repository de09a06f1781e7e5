using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.Configuration.KeyPerFile;

namespace ProfileService.Platform.Settings;

/// <summary>A source of settings: the arguments, the environment, or a file.</summary>
internal sealed record SettingSource(IConfigurationSource Source, IConfigurationProvider Provider)
{
    // Settings of other programs are ignored. A name with a colon (__ in the environment) is ours if it begins like one of ours.
    private static readonly string[] Heads = [.. SettingNames.Sections, .. FrameworkNames.Sections, "Redis", "Postgres", "AllowedHosts"];

    /// <summary>All sources; later ones override earlier ones.</summary>
    public static IEnumerable<SettingSource> All(ConfigurationManager configuration) =>
        ((IConfigurationBuilder)configuration).Sources.Zip(
            ((IConfigurationRoot)configuration).Providers, (source, provider) => new SettingSource(source, provider));

    /// <summary>The source of a setting's value; null if the setting is not given.</summary>
    public static SettingSource? Of(ConfigurationManager configuration, string path) =>
        All(configuration).LastOrDefault(source => source.Provider.TryGet(path, out _));

    /// <summary>Whether values of this source must not appear in messages.</summary>
    public bool IsSecret => Source is KeyPerFileConfigurationSource or SecretFileSource;

    /// <summary>Names in this source that are meant for this program.</summary>
    public IEnumerable<string> Names => Source switch
    {
        CommandLineConfigurationSource or JsonConfigurationSource or KeyPerFileConfigurationSource => Leaves(null),
        EnvironmentVariablesConfigurationSource { Prefix: "ASPNETCORE_" } =>
            Leaves(null).Where(name => IsOurs(name) || FrameworkNames.IsAlmost(name)),
        EnvironmentVariablesConfigurationSource => Leaves(null).Where(name =>
            IsOurs(name) || name.StartsWith("OTEL_", StringComparison.OrdinalIgnoreCase) && FrameworkNames.IsAlmost(name)),
        _ => [],
    };

    /// <summary>The name as it is written in this source, for messages.</summary>
    public string Describe(string path) => Source switch
    {
        CommandLineConfigurationSource => $"argument --{path}",
        EnvironmentVariablesConfigurationSource { Prefix: { Length: > 0 } prefix } when !path.Contains(':', StringComparison.Ordinal) =>
            $"environment variable {prefix}{path.ToUpperInvariant()}",
        EnvironmentVariablesConfigurationSource environment =>
            $"environment variable {ConnectionVariable(path) ?? $"{environment.Prefix}{WithUnderscores(path)}"}",
        JsonConfigurationSource json => $"{json.Path}",
        KeyPerFileConfigurationSource => $"file {WithUnderscores(path)} in {SecretFiles.Directory}",
        SecretFileSource => $"the file that {path}:{SettingNames.File} names",
        _ => "setting of the host",
    };

    /// <summary>
    /// The variable such as <c>SQLCONNSTR_Redis</c> from which .NET makes a connection string, and a name with a suffix beside it; null for
    /// other names.
    /// </summary>
    private static string? ConnectionVariable(string path) =>
        SettingNames.SectionOf(path).Equals("ConnectionStrings", StringComparison.OrdinalIgnoreCase)
        && Environment.GetEnvironmentVariable(WithUnderscores(path)) is null
        && SettingNames.LastOf(path).Replace("_ProviderName", "", StringComparison.Ordinal) is var name
            ? Environment.GetEnvironmentVariables().Keys.Cast<string>()
                .FirstOrDefault(variable => variable.EndsWith($"CONNSTR_{name}", StringComparison.OrdinalIgnoreCase))
            : null;

    private static string WithUnderscores(string path) => path.Replace(":", "__", StringComparison.Ordinal);

    private static bool IsOurs(string name) => name.Contains(':', StringComparison.Ordinal)
        ? Heads.Any(head => EditDistance.AreNear(SettingNames.SectionOf(name), head))
        : name.StartsWith("ConnectionString", StringComparison.OrdinalIgnoreCase);

    private IEnumerable<string> Leaves(string? parent) =>
        from key in Provider.GetChildKeys([], parent).Distinct(StringComparer.OrdinalIgnoreCase)
        let path = parent is null ? key : $"{parent}:{key}"
        from leaf in IsLeaf(path) ? Leaves(path).Prepend(path) : Leaves(path)
        select leaf;

    // An empty object or list in a JSON file is not a setting.
    private bool IsLeaf(string path) => Provider.TryGet(path, out var value)
        && !(string.IsNullOrEmpty(value) && (SettingNames.IsSection(path) || FrameworkNames.IsSection(path)));
}
