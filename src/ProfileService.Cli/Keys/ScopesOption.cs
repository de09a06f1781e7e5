using System.CommandLine;
using System.CommandLine.Parsing;
using ProfileService.Cli.CommandLine;
using ProfileService.Platform;

namespace ProfileService.Cli.Keys;

/// <summary><c>--scopes A,B</c>, or <c>all</c>.</summary>
internal static class ScopesOption
{
    private const string All = "all";

    public static Option<string[]> Create() => new("--scopes")
    {
        Description = $"What the key allows, separated by commas: {string.Join(", ", Scopes.All)}; or {All}.",
        HelpName = "A,B",
        Required = true,
        CustomParser = Read,
    };

    private static string[] Read(ArgumentResult result)
    {
        var given = result.Tokens.SelectMany(token => ListOption.Split(token.Value)).Distinct().ToList();
        foreach (var other in given.Where(s => s != All && !Scopes.All.Contains(s)))
            result.AddError($"--scopes: '{other}' is not a scope. There are {string.Join(", ", Scopes.All)}; and {All}.");
        if (given.Count == 0)
            result.AddError("--scopes names no scope.");
        return given.Contains(All) ? [.. Scopes.All] : [.. given];
    }
}
