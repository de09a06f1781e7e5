using System.CommandLine.Parsing;
using System.Text.RegularExpressions;

namespace ProfileService.Cli.CommandLine;

/// <summary>Says what is wrong with a value without the names of .NET's types.</summary>
internal static partial class PlainError
{
    private static readonly (string Type, string Is)[] Kinds =
    [
        ("System.Int32", $"a whole number, at most {int.MaxValue:N0}"),
        ("System.Int64", $"a whole number, at most {long.MaxValue:N0}"),
        ("System.Double", "a number"),
        ("System.Boolean", "true or false"),
    ];

    public static string Of(ParseError error)
    {
        if (Conversion().Match(error.Message) is not { Success: true } found)
            return error.Message;
        var (name, value) = (found.Groups["name"].Value, found.Groups["value"].Value);
        var kind = Kinds.FirstOrDefault(kind => found.Groups["type"].Value.Contains(kind.Type, StringComparison.Ordinal)).Is;
        return kind is null ? $"{name} cannot be '{value}'." : $"{name} must be {kind}, and '{value}' is not.";
    }

    [GeneratedRegex("^Cannot parse argument '(?<value>.*)' for (option|command) '(?<name>[^']*)' as expected type '(?<type>.*)'\\.",
        RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Conversion();
}
