using ProfileService.Benchmarks.Faults;

namespace ProfileService.Tests.Faults;

/// <summary>A handful of the schedules that <c>./bench --faults</c> draws. Whether readiness followed in time is for that to say: it depends on the machine.</summary>
public sealed class DrawnFaultTests
{
    [Theory]
    [InlineData(102)]
    public async Task DrawnFaultsLoseNothingInventNothingAndEveryProfileComesToBeFresh(int seed)
    {
        await using var postgres = await FaultyPostgres.StartAsync();
        var result = await FaultRun.RunAsync(Schedule.Draw(seed), postgres);
        Assert.True(result.Acknowledged > 0 && result.Left == default && result.WentBack.Count == 0, result.ToString());
    }
}
