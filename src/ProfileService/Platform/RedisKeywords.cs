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
        "abortConnect", "allowAdmin", "asyncTimeout", "channelPrefix", "checkCertificateRevocation", "configChannel", "configCheckSeconds",
        "connectRetry", "connectTimeout", "defaultDatabase", "highIntegrity", "keepAlive", "maintMovingEndpointType", "maintNotifications",
        "maintPostEventRelaxed", "maintRelaxedTimeout", "maintRelaxedWindowMax", "name", "password", "protocol", "proxy", "resolveDns",
        "sentinelPassword", "sentinelUser", "serviceName", "setlib", "sharedSubscriptionConnection", "ssl", "sslHost", "sslProtocols",
        "syncTimeout", "tcpKeepAlive", "tiebreaker", "topologyRefreshSeconds", "tunnel", "user", "version",
    ];

    public static IEnumerable<string> Problems(string connectionString)
    {
        var parts = connectionString.Split(',').Select(p => p.Trim()).Where(p => p.Length > 0).ToList();
        if (parts.TrueForAll(IsOption))
            yield return $"it names no server. {Form}";
        for (var i = 0; i < parts.Count; i++)
        {
            if ((IsOption(parts[i]) ? OptionProblem(parts[i]) : ServerProblem(parts[i], i + 1)) is { } problem)
                yield return problem;
        }
    }

    private static bool IsOption(string part) => part.Contains('=', StringComparison.Ordinal);

    private static string? ServerProblem(string part, int at) =>
        Server().IsMatch(part) || IPAddress.TryParse(part, out _) ? null : $"part {at} is neither a server nor an option. {Form}";

    private static string? OptionProblem(string option)
    {
        var name = option.Split('=')[0].Trim();
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
