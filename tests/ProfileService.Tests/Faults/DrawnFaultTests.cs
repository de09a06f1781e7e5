using ProfileService.TestServers.Faults;

namespace ProfileService.Tests.Faults;

/// <summary>A handful of the schedules that <c>./bench --faults</c> draws. Whether readiness followed in time is for that to say: it
/// depends on the machine.</summary>
[Needs(Need.Server, Need.Process)]
public sealed class DrawnFaultTests
{
    [Theory]
    [InlineData(217)] // SQLite: the service is paused and stopped
    [InlineData(219)] // SQLite: the disk is full
    [InlineData(233)] // Redis: its disk is full, and it ends itself
    [InlineData(210)] // Redis: its memory is full; connections to Postgres are half closed
    [InlineData(239)] // Redis with a replica: partitions, and an orderly failover
    [InlineData(207)] // Redis Cluster: a node and Postgres are killed
    public async Task DrawnFaultsLoseNothingInventNothingAndEveryProfileComesToBeFresh(int seed)
    {
        await using var postgres = await FaultyPostgres.StartAsync();
        var result = await FaultRun.RunAsync(Schedule.Draw(seed), postgres);
        Assert.True(result.Acknowledged > 0 && result.Left == default && result.WentBack.Count == 0, result.ToString());
    }
}
