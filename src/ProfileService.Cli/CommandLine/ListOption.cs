using System.CommandLine;

namespace ProfileService.Cli.CommandLine;

/// <summary>An option whose value is a list, separated by commas.</summary>
internal static class ListOption
{
    public static Option<string[]> Create(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "A,B",
        CustomParser = result =>
        {
            List<string[]> lists = [.. result.Tokens.Select(token => Split(token.Value))];
            if (lists.Exists(list => list.Length == 0)) // as a shell makes of variables that are not set
                result.AddError($"{name} names nothing. Give it at least one, or leave it out.");
            return [.. lists.SelectMany(list => list)];
        },
    };

    public static string[] Split(string list) => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
