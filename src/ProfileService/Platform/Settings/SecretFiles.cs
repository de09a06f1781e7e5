using Microsoft.Extensions.Configuration.Memory;

namespace ProfileService.Platform.Settings;

/// <summary>
/// Reads settings from files: the file that a setting with the suffix <c>:FILE</c> (<c>__FILE</c>) names, and a folder with one file per
/// setting.
/// </summary>
internal static class SecretFiles
{
    /// <summary>The setting that names the folder.</summary>
    public const string Directory = "Hosting:SecretsDirectory";

    private const int MaxBytes = 1 << 16;

    /// <summary>Reads the files into the configuration; returns a message for each file that cannot be read.</summary>
    public static IReadOnlyList<string> Read(ConfigurationManager configuration)
    {
        var problems = new List<string>();
        if (configuration[Directory] is { } folder && ReadFolder(configuration, folder) is { } unreadable)
            problems.Add(unreadable);
        var values = new Dictionary<string, string?>();
        var names = SettingSource.All(configuration).SelectMany(source => source.Names).Where(SettingNames.IsFileOf);
        foreach (var name in names.Distinct(StringComparer.OrdinalIgnoreCase).ToList())
        {
            if (ReadFile(configuration, name, values) is { } problem)
                problems.Add(problem);
        }

        ((IConfigurationBuilder)configuration).Add(new SecretFileSource { InitialData = values });
        return problems;
    }

    private static string? ReadFolder(ConfigurationManager configuration, string folder) => Attempt($"{Directory} = '{folder}'", () =>
    {
        if (!System.IO.Directory.Exists(folder))
            return "is not a folder";
        configuration.AddKeyPerFile(Path.GetFullPath(folder), optional: false);
        return null;
    });

    private static string? ReadFile(ConfigurationManager configuration, string name, Dictionary<string, string?> values)
    {
        var (setting, file) = (SettingNames.ParentOf(name), configuration[name]!);
        return configuration[setting] is not null
            ? $"{setting} and {name} are both set. Remove one of them."
            : Attempt($"{name} = '{file}'", () =>
            {
                if (!File.Exists(file))
                    return "is not a file";
                if (new FileInfo(file).Length > MaxBytes)
                    return $"has more than {MaxBytes:N0} bytes";
                values[setting] = File.ReadAllText(file).TrimEnd('\r', '\n');
                return null;
            });
    }

    private static string? Attempt(string what, Func<string?> read)
    {
        try
        {
            return read() is { } problem ? $"{what} {problem}." : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"{what} cannot be read: {e.Message}";
        }
    }
}

/// <summary>Values that were read from files.</summary>
internal sealed class SecretFileSource : MemoryConfigurationSource, IConfigurationSource;
