using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging.Console;

namespace ProfileService.Platform.Settings;

/// <summary>
/// Validates settings of the framework whose wrong values it would ignore, or fail on without naming them: addresses, names of hosts and
/// log levels.
/// </summary>
internal static partial class FrameworkValues
{
    private static readonly string[] Protocols = ["grpc", "http/protobuf"]; // of OTLP

    private static readonly string[] Formatters = ["simple", "json", "systemd"];

    // Also where a source has them that is not for this program alone.
    private static readonly string[] Always =
    [
        "urls", "http_ports", "https_ports", "AllowedHosts",
        "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT",
        "OTEL_EXPORTER_OTLP_PROTOCOL",
    ];

    /// <summary>
    /// Returns what is wrong. Removes wrong values of the section Logging, because no logger could be created with them and the other
    /// errors would not be reported.
    /// </summary>
    public static IEnumerable<string> Problems(ConfigurationManager configuration)
    {
        var names = SettingSource.All(configuration).SelectMany(source => source.Names).Concat(Always)
            .Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        var problems = new List<string>();
        var wrong = new Dictionary<string, string?>();
        foreach (var path in names)
        {
            if (configuration[path] is not { } value || Expected(path, value) is not { } expected)
                continue;
            problems.Add($"{path} = '{value}' ({SettingSource.Of(configuration, path)!.Describe(path)}) is not {expected}.");
            if (SettingNames.SectionOf(path).Equals("Logging", StringComparison.OrdinalIgnoreCase))
                wrong[path] = null;
        }

        configuration.AddInMemoryCollection(wrong);
        return problems;
    }

    private static string? Expected(string path, string value) => path.ToUpperInvariant() switch
    {
        _ when IsLogLevel(path) => OneOf(Enum.GetNames<LogLevel>(), value),
        "LOGGING:CONSOLE:FORMATTERNAME" => OneOf(Formatters, value),
        "LOGGING:CONSOLE:LOGTOSTANDARDERRORTHRESHOLD" => OneOf(Enum.GetNames<LogLevel>(), value),
        "LOGGING:CONSOLE:QUEUEFULLMODE" => OneOf(Enum.GetNames<ConsoleLoggerQueueFullMode>(), value),
        "LOGGING:CONSOLE:FORMATTEROPTIONS:COLORBEHAVIOR" => OneOf(Enum.GetNames<LoggerColorBehavior>(), value),
        "LOGGING:CONSOLE:FORMATTEROPTIONS:INCLUDESCOPES" or "LOGGING:CONSOLE:FORMATTEROPTIONS:SINGLELINE"
            or "LOGGING:CONSOLE:FORMATTEROPTIONS:USEUTCTIMESTAMP" => OneOf(["true", "false"], value),
        "LOGGING:CONSOLE:MAXQUEUELENGTH" => int.TryParse(value, out var length) && length > 0 ? null : "a whole number above 0",
        "URLS" => Parts(value).All(IsAddress) ? null : "a list of addresses such as http://localhost:8080, separated by ;",
        "HTTP_PORTS" or "HTTPS_PORTS" => Parts(value).All(IsPort) ? null : "a list of ports such as 8080, separated by ;",
        "ALLOWEDHOSTS" => Parts(value).All(host => HostName().IsMatch(host)) ? null
            : "a list of host names such as shop.example or *.shop.example, separated by ;",
        "OTEL_EXPORTER_OTLP_ENDPOINT" or "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT" or "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT" =>
            value.Length == 0 || IsAddress(value) ? null : "an address such as http://localhost:4317",
        "OTEL_EXPORTER_OTLP_PROTOCOL" => value.Length == 0 ? null : OneOf(Protocols, value),
        var name when name.StartsWith("KESTREL:", StringComparison.Ordinal) => SettingNames.LastOf(name) switch
        {
            "PROTOCOLS" => OneOf(Enum.GetNames<HttpProtocols>(), value),
            "CLIENTCERTIFICATEMODE" => OneOf(Enum.GetNames<ClientCertificateMode>(), value),
            "URL" => IsAddress(value) ? null : "an address such as http://localhost:8080",
            _ => null,
        },
        _ => null,
    };

    private static string? OneOf(string[] names, string value) =>
        names.Contains(value, StringComparer.OrdinalIgnoreCase) ? null : $"one of {string.Join(", ", names)}";

    private static string[] Parts(string list) => list.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static bool IsLogLevel(string path) =>
        path.StartsWith("Logging:", StringComparison.OrdinalIgnoreCase) && path.Contains(":LogLevel:", StringComparison.OrdinalIgnoreCase);

    // If the port is not a number, the server would listen on every address at port 80.
    private static bool IsAddress(string address) =>
        Address().Match(address) is { Success: true } match && (match.Groups["port"] is not { Success: true } port || IsPort(port.Value));

    private static bool IsPort(string text) => ushort.TryParse(text, out _);

    [GeneratedRegex(@"^(\*|(\*\.)?[^\s/:*\[\]]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?$")]
    private static partial Regex HostName();

    [GeneratedRegex(@"^https?://(unix:/.+|(\[[^\]]+\]|[^\s:/\[\]]+)(:(?<port>[^/]*))?(/.*)?)$", RegexOptions.IgnoreCase)]
    private static partial Regex Address();
}
