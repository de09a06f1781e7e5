using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using ProfileService.Platform;
using ProfileService.Windows.Redis;
using ProfileService.Windows.Redis.Layout;

namespace ProfileService.Tests.Windows.Redis;

/// <summary>The .lua files, and what is sent to Redis of them.</summary>
[Needs(Need.Server)]
public sealed partial class RedisScriptsTests(TestServers servers)
{
    private static readonly Assembly Service = typeof(RedisScripts).Assembly;

    private static readonly IReadOnlyList<string> Files =
        [.. Service.GetManifestResourceNames().Where(name => name.EndsWith(".lua", StringComparison.Ordinal))];

    /// <summary>A file whose name begins with an underscore is a part of others.</summary>
    [Fact]
    public void EveryFileIsAScriptThatIsReadAtTheStart()
    {
        Assert.Equal(Files.Count(file => !file.Contains("._", StringComparison.Ordinal)), RedisScripts.Load().Distinct().Count());
        Assert.All(RedisScripts.Load(), script => Assert.DoesNotContain("{{", script, StringComparison.Ordinal));
    }

    [Fact]
    public async Task RedisCompilesEveryScript()
    {
        using var redis = new RedisConnection((await servers.RedisAsync()).ConnectionString());
        foreach (var script in RedisScripts.Load())
            Assert.Matches("^[0-9a-f]{40}$", (string?)await redis.Primaries[0].ExecuteAsync("SCRIPT", "LOAD", script));
    }

    /// <summary>They are written in <see cref="RedisWindowLayout"/> alone.</summary>
    [Fact]
    public void NoFileRepeatsAnOffset()
    {
        var offsets = typeof(RedisWindowLayout).GetFields()
            .Where(field => field.FieldType == typeof(int) && field.Name is not nameof(RedisWindowLayout.RoomShare))
            .Select(field => (int)field.GetRawConstantValue()!)
            .Where(offset => offset > sizeof(long)) // smaller numbers mean other things too
            .SelectMany(offset => (int[])[offset, offset + 1])
            .ToHashSet();
        Assert.Contains(RedisWindowLayout.NewestAt, offsets);
        Assert.All(Files, file => Assert.Equal([], NumbersIn(file).Intersect(offsets)));
    }

    private static IEnumerable<int> NumbersIn(string file) =>
        Number().Matches(Comment().Replace(Read(file), "")).Select(number => int.Parse(number.Value, CultureInfo.InvariantCulture));

    private static string Read(string file)
    {
        using var reader = new StreamReader(Service.GetManifestResourceStream(file)!);
        return reader.ReadToEnd();
    }

    [GeneratedRegex("--.*")]
    private static partial Regex Comment();

    [GeneratedRegex(@"\b\d{1,9}\b")]
    private static partial Regex Number();
}
