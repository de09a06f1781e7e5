using System.Security.Cryptography;
using System.Text;
using ProfileService.TestServers.Common;

namespace ProfileService.TestServers.Redis;

/// <summary>
/// The users of the tests' Redis servers: those of deploy/redis/users.conf, so that a command that the service may not send fails a test, and
/// one that may everything, for what a test does to a server.
/// </summary>
internal static class RedisUsers
{
    public const string TesterName = "tester";

    /// <summary>Of both.</summary>
    public const string Password = "a-password-of-the-tests";

    /// <summary>Options of a connection string of the service.</summary>
    public const string Service = $"user=profiles,password={Password}";

    /// <summary>Options of a connection string of one who may everything.</summary>
    public const string Tester = $"user={TesterName},password={Password}";

    /// <summary>Logs in as one who may everything.</summary>
    public const string LogIn = $"AUTH {TesterName} {Password}";

    private const string Placeholder = "SHA-256-OF-THE-PASSWORD";
    private const string Directive = "user ";

    /// <summary>A command that gives the service's user what it may again.</summary>
    public static string Restore { get; } = $"ACL SETUSER {Deployed().Single(user => user.StartsWith("profiles ", StringComparison.Ordinal))}";

    /// <summary>Arguments of redis-server, word by word. A replica logs in to its primary as the tester.</summary>
    public static IReadOnlyList<string> Arguments { get; } =
    [
        .. Deployed().SelectMany(user => $"--{Directive}{user}".Split(' ')),
        "--user", TesterName, "on", $"#{Hash}", "~*", "&*", "+@all",
        "--masteruser", TesterName, "--masterauth", Password,
    ];

    private static IEnumerable<string> Deployed() => File.ReadLines(Repository.Path("deploy/redis/users.conf"))
        .Where(line => line.StartsWith(Directive, StringComparison.Ordinal))
        .Select(line => line[Directive.Length..].Replace(Placeholder, Hash, StringComparison.Ordinal));

    private static string Hash => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Password)));
}
