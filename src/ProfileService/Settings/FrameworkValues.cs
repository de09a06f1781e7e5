using System.Text.RegularExpressions;

namespace ProfileService.Settings;

/// <summary>Values of the framework's settings that it would pass over, or fail by without naming them: addresses and log levels.</summary>
internal static partial class FrameworkValues
{
    private static readonly string[] Formatters = ["simple", "json", "systemd"];

    /// <summary>What is wrong. Wrong log levels are taken out, for without that no logger could be made to go on and find the rest.</summary>
    public static IEnumerable<string> Problems(ConfigurationManager configuration)
    {
        foreach (var path in SettingPlace.All(configuration).SelectMany(place => place.Names).Distinct(StringComparer.OrdinalIgnoreCase).ToList())
        {
            if (configuration[path] is not { } value || Expected(path, value) is not { } expected)
                continue;
            yield return $"{path} = '{value}' ({SettingPlace.Of(configuration, path)!.Describe(path)}) is not {expected}.";
            if (IsLogLevel(path))
                configuration[path] = nameof(LogLevel.Information);
        }
    }

    private static string? Expected(string path, string value) =>
        IsLogLevel(path) ? Enum.TryParse<LogLevel>(value, ignoreCase: true, out _) ? null : $"one of {string.Join(", ", Enum.GetNames<LogLevel>())}"
        : path.ToUpperInvariant() switch
        {
            "LOGGING:CONSOLE:FORMATTERNAME" => Formatters.Contains(value, StringComparer.OrdinalIgnoreCase) ? null : $"one of {string.Join(", ", Formatters)}",
            "URLS" => value.Split(';', StringSplitOptions.RemoveEmptyEntries).All(IsAddress) ? null : "a list of addresses such as http://localhost:8080, with ; between",
            "HTTP_PORTS" or "HTTPS_PORTS" => value.Split(';', StringSplitOptions.RemoveEmptyEntries).All(IsPort) ? null : "a list of ports such as 8080, with ; between",
            _ => null,
        };

    private static bool IsLogLevel(string path) =>
        path.StartsWith("Logging:", StringComparison.OrdinalIgnoreCase) && SettingNames.LastOf(SettingNames.ParentOf(path)).Equals("LogLevel", StringComparison.OrdinalIgnoreCase);

    // The server takes an address with a port that is no number for one of every address, at port 80.
    private static bool IsAddress(string address) =>
        Address().Match(address.Trim()) is { Success: true } match && (match.Groups["port"] is not { Success: true } port || IsPort(port.Value));

    private static bool IsPort(string text) => ushort.TryParse(text.Trim(), out _);

    [GeneratedRegex(@"^https?://(unix:/.+|(\[[^\]]+\]|[^\s:/\[\]]+)(:(?<port>[^/]*))?(/.*)?)$", RegexOptions.IgnoreCase)]
    private static partial Regex Address();
}
