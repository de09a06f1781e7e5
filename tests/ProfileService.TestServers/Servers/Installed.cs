namespace ProfileService.TestServers.Servers;

/// <summary>Where the machine keeps its server programs.</summary>
internal static class Installed
{
    private const string PostgresVersions = "/usr/lib/postgresql";
    private const string SystemPrograms = "/usr/sbin"; // PgBouncer; not on every user's PATH

    /// <summary>The full path of a program; throws where it is not installed.</summary>
    public static string Program(string name) =>
        Folders().Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException($"{name} is not installed, and no Docker engine answers; eng/servers installs it.");

    private static IEnumerable<string> Folders() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Append(SystemPrograms).Concat(PostgresFolders());

    // Debian keeps these off the PATH. The newest comes first.
    private static IEnumerable<string> PostgresFolders() => Directory.Exists(PostgresVersions)
        ? Directory.GetDirectories(PostgresVersions).OrderByDescending(Version).Select(folder => Path.Combine(folder, "bin"))
        : [];

    private static int Version(string folder) => int.TryParse(Path.GetFileName(folder), out var version) ? version : 0;
}
