namespace ProfileService.Tests.Aggregates;

/// <summary>Settings of aggregates that promise what cannot be.</summary>
[Needs(Need.Process)]
public sealed class AggregateSettingsTests : IDisposable
{
    private readonly TempDirectory _data = new();

    [Theory]
    [InlineData("Aggregates:Epsilon must be 0, for exact counts, or at least 0.01", "--Aggregates:Epsilon=0.001")]
    [InlineData("Aggregates:Epsilon must not exceed Aggregates:Budget", "--Aggregates:Epsilon=31")]
    [InlineData("Aggregates:Epsilon", "--Aggregates:Epsilon=-1")]
    [InlineData("Aggregates:Epsilon", "--Aggregates:Epsilon=NaN")]
    [InlineData("Aggregates:MaxItemsPerUser", "--Aggregates:MaxItemsPerUser=0")]
    [InlineData("Aggregates:Every must be 0, for no releases, or at least a minute", "--Aggregates:Every=00:00:01")]
    public async Task SettingThatPromisesWhatCannotBeIsRefused(string named, string argument)
    {
        var (exitCode, output) = await ServiceProcess.StartInVainAsync(_data, Repository.TinyPackage, [], argument);
        Assert.NotEqual(0, exitCode);
        Assert.Contains(named, output, StringComparison.Ordinal);
    }

    public void Dispose() => _data.Dispose();
}
