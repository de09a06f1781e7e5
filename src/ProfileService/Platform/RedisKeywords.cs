using System.Net;
using System.Text.RegularExpressions;
using StackExchange.Redis;

namespace ProfileService.Platform;

/// <summary>
/// Finds all errors in a Redis connection string. StackExchange.Redis itself stops at the first one, and treats text that it cannot read as
/// a server name.
/// </summary>
internal static partial class RedisKeywords
{
    private const string Form =
        "Write a server as host:port and options as name=value, all separated by commas; no value may contain a comma.";

    // The options of StackExchange.Redis that have an effect.
    public static readonly IReadOnlyList<string> Known =
    [
        "asyncTimeout", "checkCertificateRevocation", "configCheckSeconds", "connectRetry", "connectTimeout", "defaultDatabase",
        "highIntegrity", "keepAlive", "maintMovingEndpointType", "maintNotifications", "maintPostEventRelaxed", "maintRelaxedTimeout",
        "maintRelaxedWindowMax", "name", "password", "protocol", "proxy", "resolveDns", "sentinelPassword", "sentinelUser", "serviceName",
        "setlib", "sharedSubscriptionConnection", "ssl", "sslHost", "sslProtocols", "syncTimeout", "tcpKeepAlive",
        "topologyRefreshSeconds", "tunnel", "user", "version",
    ];

    // Options of StackExchange.Redis whose value the service needs or sets, and why.
    private static readonly Dictionary<string, string> Taken = new(StringComparer.OrdinalIgnoreCase)
    {
        ["abortConnect"] = "a start that finds no Redis stops",
        ["allowAdmin"] = "the service sets it, to read Redis's settings",
        ["channelPrefix"] = "scripts in Redis publish without it, and due users would not be announced",
        ["configChannel"] = "the service listens to no such channel",
        ["tiebreaker"] = "the service has no such key",
    };

    public static IEnumerable<string> Problems(string connectionString)
    {
        var parts = Parts(connectionString);
        if (parts.TrueForAll(IsOption))
            yield return $"it names no server. {Form}";
        for (var i = 0; i < parts.Count; i++)
        {
            if ((IsOption(parts[i]) ? OptionProblem(parts[i]) : ServerProblem(parts[i], i + 1)) is { } problem)
                yield return problem;
        }
    }

    /// <summary>Whether the connection string sets an option.</summary>
    public static bool Has(string connectionString, string option) =>
        Parts(connectionString).Exists(part => IsOption(part) && NameOf(part).Equals(option, StringComparison.OrdinalIgnoreCase));

    private static List<string> Parts(string connectionString) =>
        [.. connectionString.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];

    private static string NameOf(string option) => option.Split('=')[0].Trim();

    private static bool IsOption(string part) => part.Contains('=', StringComparison.Ordinal);

    private static string? ServerProblem(string part, int at) =>
        Server().IsMatch(part) || IPAddress.TryParse(part, out _) ? null : $"part {at} is neither a server nor an option. {Form}";

    private static string? OptionProblem(string option)
    {
        var name = NameOf(option);
        if (Taken.TryGetValue(name, out var reason))
            return $"'{name}' cannot be set: {reason}. Leave it out.";
        if (!name.StartsWith('$') && !Known.Contains(name, StringComparer.OrdinalIgnoreCase)) // $ renames a command
            return $"'{name}' is not an option; the most similar one is '{Nearest.InOrder(name, Known).First()}'.";
        try
        {
            ConfigurationOptions.Parse(option);
            return null;
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            return $"the value of '{name}' has the wrong type.";
        }
    }

    private const string Host = @"\[[0-9a-fA-F:.%]+\]|[^\s:/@\[\]]+";
    private const string Port = @"[1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d\d|655[0-2]\d|6553[0-5]";

    [GeneratedRegex($"^(!.+|({Host})(:({Port}))?)$")]
    private static partial Regex Server();
}
