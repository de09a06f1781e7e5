namespace ProfileService.Tests.Host;

/// <summary>The repository's Dockerfile; <c>./test containers</c> builds it.</summary>
internal static class Dockerfile
{
    /// <summary>All instructions, in order; none of them goes over more than one line.</summary>
    public static IEnumerable<(string Name, string Arguments)> Instructions() =>
        File.ReadLines(Repository.Path("Dockerfile"))
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split(' ', 2))
            .Select(words => (words[0], words[1]));

    /// <summary>The instructions of one stage, without its FROM.</summary>
    public static IEnumerable<(string Name, string Arguments)> Stage(string name) =>
        Instructions()
            .SkipWhile(i => i.Name != "FROM" || !i.Arguments.EndsWith($" AS {name}", StringComparison.Ordinal))
            .Skip(1)
            .TakeWhile(i => i.Name != "FROM");

    /// <summary>The environment variables that a stage sets.</summary>
    public static IReadOnlyDictionary<string, string> Environment(string stage) =>
        Stage(stage).Where(i => i.Name == "ENV").SelectMany(i => i.Arguments.Split(' ')).Select(v => v.Split('=', 2)).ToDictionary(v => v[0], v => v[1]);
}
