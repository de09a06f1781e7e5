namespace ProfileService.TestServers.Processes;

/// <summary>Whom PostgreSQL runs as: it refuses root, so root's tests lend it <c>postgres</c> or <c>nobody</c>.</summary>
internal sealed class UnprivilegedUser
{
    private readonly string[] _prefix;

    private UnprivilegedUser(params string[] prefix) => _prefix = prefix;

    /// <summary>The user that runs programs from now on, made the owner of the folder.</summary>
    public static async Task<UnprivilegedUser> ForAsync(string folder)
    {
        if (!Environment.IsPrivilegedProcess)
            return new UnprivilegedUser();
        var (user, group) = await FindAsync("postgres") ?? await FindAsync("nobody") ?? throw new InvalidOperationException("PostgreSQL does not run as root, and there is no user postgres or nobody.");
        await Tool.RunAsync("chown", $"{user}:{group}", folder);
        return new UnprivilegedUser("setpriv", $"--reuid={user}", $"--regid={group}", "--clear-groups");
    }

    public (string Program, string[] Arguments) Command(string program, params string[] arguments)
    {
        string[] all = [.. _prefix, program, .. arguments];
        return (all[0], all[1..]);
    }

    private static async Task<(string User, string Group)?> FindAsync(string name)
    {
        var users = await File.ReadAllLinesAsync("/etc/passwd");
        return users.Select(line => line.Split(':')).FirstOrDefault(fields => fields[0] == name) is { } found ? (found[2], found[3]) : null;
    }
}
