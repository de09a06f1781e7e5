namespace ProfileService.Platform.Settings;

/// <summary>The program's arguments: the settings among them, each as <c>--Name=value</c>, and what is wrong with the others.</summary>
internal sealed record Arguments(IReadOnlyList<string> Settings, IReadOnlyList<string> Problems)
{
    private const string Form = "Write an argument as --Name=value; quote it if it contains spaces.";

    /// <summary>Accepts <c>--Name=value</c>, <c>--Name value</c>, <c>Name=value</c> and <c>/Name=value</c>.</summary>
    public static Arguments Parse(IReadOnlyList<string> given)
    {
        var (settings, problems) = (new List<string>(), new List<string>());
        for (var i = 0; i < given.Count; i++)
        {
            var name = NameOf(given[i]);
            if (name is not null && given[i].Contains('=', StringComparison.Ordinal))
                settings.Add($"--{name}{given[i][given[i].IndexOf('=', StringComparison.Ordinal)..]}");
            else if (name is not null && i + 1 < given.Count && !IsSwitch(given[i + 1]))
                settings.Add($"--{name}={given[++i]}");
            else
                problems.Add(Problem(given[i], name, i == 0 ? "" : given[i - 1]));
        }

        return new Arguments(settings, problems);
    }

    private static bool IsSwitch(string argument) => argument.StartsWith("--", StringComparison.Ordinal);

    /// <summary>The name of the setting; null if the argument has none: a word without a value, or a single dash.</summary>
    private static string? NameOf(string argument)
    {
        var (end, isSwitch) = (argument.IndexOf('=', StringComparison.Ordinal), IsSwitch(argument));
        if (argument.StartsWith('-') && !isSwitch || end < 0 && !isSwitch)
            return null;
        var name = (end < 0 ? argument : argument[..end])[(isSwitch ? 2 : argument.StartsWith('/') ? 1 : 0)..].Trim();
        return name.Length == 0 ? null : name;
    }

    private static string Problem(string argument, string? name, string before) =>
        name is null ? $"{Quoted(argument, before)} is not a setting. {Form}"
        : SettingNames.IsKnown(name) ? $"{argument} has no value. Write {argument}=VALUE."
        : SettingNames.Unknown(name, $"argument {argument}");

    // A word after a connection string may be the rest of a password that contains a space.
    private static string Quoted(string argument, string before) =>
        before.Contains("ConnectionString", StringComparison.OrdinalIgnoreCase)
            ? $"The argument after {before.Split('=')[0]}"
            : $"The argument '{argument.Split('=')[0]}'";
}
