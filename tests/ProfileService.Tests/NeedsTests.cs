using System.Text.RegularExpressions;
using ProfileService.Tests.Faults;

namespace ProfileService.Tests;

public sealed partial class NeedsTests
{
    /// <summary>What only tests with a need have to do with, by the names of the types.</summary>
    public static TheoryData<string, string> Types => new()
    {
        { nameof(Need.Server), "TestServers|RedisServer|RedisCluster|PostgresServer|PgbouncerServer|PgvectorServer|FaultRun" },
        { nameof(Need.Process), "ServiceProcess|CliProcess|ReplicaSet|ExampleDocument|FuzzRun|FaultRun" },
        { nameof(Need.Browser), "Browser" },
    };

    [Theory]
    [MemberData(nameof(Types))]
    public void ClassThatNeedsMoreThanThisProcessSaysSo(string need, string types)
    {
        var mention = new Regex($@"^(?!using |\s*//).*\b({types})\b", RegexOptions.Multiline);
        var silent = from file in Directory.EnumerateFiles(Repository.Path("tests/ProfileService.Tests"), "*Tests.cs", SearchOption.AllDirectories)
                     let code = File.ReadAllText(file)
                     where TestClass().IsMatch(code) && !file.EndsWith($"/{nameof(NeedsTests)}.cs", StringComparison.Ordinal) && mention.IsMatch(code) && !Regex.IsMatch(code, $@"\[Needs\([^)]*Need\.{need}\b")
                     select Path.GetFileName(file);
        Assert.Empty(silent);
    }

    [Fact]
    public void ClassThatNeedsMoreStartsEarlier()
    {
        var collection = TestContext.Current.TestCollection!.TestCollectionDisplayName;
        var ofFaults = collection.Replace(typeof(NeedsTests).FullName!, typeof(DrawnFaultsWithRedisTests).FullName, StringComparison.Ordinal);
        Assert.Equal((0, 6), (LongestFirst.Weight(collection), LongestFirst.Weight(ofFaults)));
    }

    [GeneratedRegex(@"^public sealed (partial )?class \w+Tests", RegexOptions.Multiline)]
    private static partial Regex TestClass();
}
