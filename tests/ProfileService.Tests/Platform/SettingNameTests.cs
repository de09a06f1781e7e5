using ProfileService.Platform.Settings;

namespace ProfileService.Tests.Platform;

/// <summary>Which names are settings, and what is said of the others.</summary>
public sealed class SettingNameTests
{
    public static TheoryData<string> Own => [.. SettingNames.Own.Keys];

    [Theory]
    [MemberData(nameof(Own))]
    public void NameWithOneWrongLetterIsNoSettingAndTheRightOneIsNamed(string name)
    {
        Assert.True(SettingNames.IsKnown(name.ToUpperInvariant()));
        for (var i = 1; i < name.Length; i++)
        {
            foreach (var wrong in (string[])[name.Remove(i, 1), name.Insert(i, "z"), $"{name[..i]}z{name[(i + 1)..]}"])
            {
                Assert.False(SettingNames.IsKnown(wrong), wrong);
                Assert.Contains($"Did you mean {name}?", SettingNames.Unknown(wrong, "here"), StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("Redis", "ConnectionStrings:Redis")]
    [InlineData("Redis:Host", "ConnectionStrings:Redis")]
    [InlineData("ConnectionStrings:Postgress", "ConnectionStrings:Postgres")]
    [InlineData("MaxEvents", "Windows:MaxEvents")]
    [InlineData("Lookup:MaxEvents", "Windows:MaxEvents")]
    [InlineData("Model.Package", "Model:Package")]
    [InlineData("Windows:MaxEvents:0", "Windows:MaxEvents")]
    [InlineData("url", "urls")]
    [InlineData("shutdownTimeoutSeconds", "Did you mean Hosting:DrainFor?")]
    [InlineData("Hosting:SecretsDirectory:FILE", "Did you mean Hosting:SecretsDirectory?")]
    [InlineData("Kestrel:Endpoint:Http:Url", "Did you mean Kestrel:Endpoints:Http:Url?")]
    [InlineData("Logging:LogLvel:Default", "Logging:LogLevel")]
    [InlineData("Kestrel:Limits:MaxConcurrentConnections", "Kestrel:Endpoints")]
    [InlineData("Windows", "Windows:MaxEvents")]
    [InlineData("Windows:Other", "Windows:MaxAge")]
    [InlineData("Sentry:Dsn", "Sections are: Aggregates, Auth, Beacon, ConnectionStrings")]
    [InlineData("Serilog:MinimumLevel", "Sections are: Aggregates, Auth, Beacon, ConnectionStrings")]
    public void UnknownNameIsAnsweredWithWhatThereIs(string name, string named)
    {
        Assert.False(SettingNames.IsKnown(name));
        Assert.Contains(named, SettingNames.Unknown(name, "here"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("events:extrakinds:0")]
    [InlineData("ConnectionStrings:Postgres:FILE")]
    [InlineData("Logging:LogLevel:Microsoft.AspNetCore")]
    [InlineData("Kestrel:Endpoints:Mine:Certificate:Path")]
    [InlineData("URLS")]
    public void NamesThatAreReadAreKnown(string name) => Assert.True(SettingNames.IsKnown(name));

    [Theory]
    [InlineData("events:extrakinds:FILE")]
    [InlineData("events:extrakinds:first")]
    [InlineData("Kestrel:Endpoints:Mine:Address")]
    public void NamesThatNobodyReadsAreNot(string name) => Assert.False(SettingNames.IsKnown(name));

    [Theory]
    [InlineData("--Windows:MaxEvents=5", "--Windows:MaxEvents=5")]
    [InlineData("Windows:MaxEvents=5", "--Windows:MaxEvents=5")]
    [InlineData("--ConnectionStrings:Postgres=Host=x;Port=1", "--ConnectionStrings:Postgres=Host=x;Port=1")]
    [InlineData("--Hosting:MaxIngests -1", "--Hosting:MaxIngests=-1")]
    public void ArgumentSets(string arguments, string setting) => Assert.Equal([setting], Arguments.Parse(arguments.Split(' ')).Settings);

    [Theory]
    [InlineData("-x", "'-x'")]
    [InlineData("-x=1", "'-x'")]
    [InlineData("--", "'--'")]
    [InlineData("start", "'start'")]
    [InlineData("--Windows:MaxEvents", "--Windows:MaxEvents has no value")]
    [InlineData("--Windows:MaxEvents --Windows:MaxAge=1", "--Windows:MaxEvents has no value")]
    [InlineData("--Windws:MaxEvents", "Windows:MaxEvents")]
    [InlineData("--help", "--help")]
    public void ArgumentThatSetsNothingIsNamed(string arguments, string named) =>
        Assert.Contains(named, Assert.Single(Arguments.Parse(arguments.Split(' ')).Problems), StringComparison.Ordinal);

    [Fact]
    public void RestOfAPasswordIsNotRepeated() =>
        Assert.DoesNotContain("secret", Assert.Single(Arguments.Parse(["--ConnectionStrings:Postgres=Host=x;Password=my", "secret"]).Problems), StringComparison.Ordinal);
}
