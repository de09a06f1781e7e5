namespace ProfileService.Cli.CommandLine;

/// <summary>
/// The API key or access token that the commands send, from the environment: <c>PROFILES_KEY</c>, or <c>PROFILES_KEY_FILE</c>, which names
/// a file with it. An argument would be visible to every user of the machine.
/// </summary>
internal static class KeyFromEnvironment
{
    public const string Variable = "PROFILES_KEY";
    public const string FileVariable = "PROFILES_KEY_FILE";

    private static readonly Lazy<string?> Value = new(Find);

    /// <summary>Null if the environment has none.</summary>
    public static string? Key => Value.Value;

    /// <summary>A line of a request's head; empty if there are none.</summary>
    public static string Header => Key is { } key ? $"Authorization: Bearer {key}\r\n" : "";

    private static string? Find()
    {
        var key = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given ? given
            : Environment.GetEnvironmentVariable(FileVariable) is { Length: > 0 } file ? Read(file)
            : null;
        if (key?.Trim() is not { } text)
            return null;
        return text.Length > 0 && text.All(c => c is > ' ' and <= '~')
            ? text
            : throw new CommandException(
                $"{Variable} or the file that {FileVariable} names has no API key: it is empty, or not one line of ASCII.");
    }

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var reason = File.Exists(file) ? e.Message : Directory.Exists(file) ? "It is a folder." : "There is no such file.";
            throw new CommandException($"{FileVariable} names {file}, which cannot be read: {reason}", e);
        }
    }
}
