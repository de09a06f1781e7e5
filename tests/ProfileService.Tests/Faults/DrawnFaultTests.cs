using ProfileService.TestServers.Faults;

namespace ProfileService.Tests.Faults;

/// <summary>
/// A handful of the schedules that <c>./bench --faults</c> draws; the classes run side by side. Whether readiness follows in time depends
/// on the machine, so that only the bench asserts it.
/// </summary>
public abstract class DrawnFaultTests
{
    private protected static async Task LosesNothingAsync(int seed)
    {
        await using var postgres = await FaultyPostgres.StartAsync();
        var result = await FaultRun.RunAsync(Schedule.Draw(seed), postgres);
        Assert.True(result.Acknowledged > 0 && result.Left == default && result.WentBack.Count == 0, result.ToString());
    }
}

[Needs(Need.Server, Need.Process)]
public sealed class DrawnFaultsWithSqliteTests : DrawnFaultTests
{
    [Theory]
    [InlineData(217)] // the service is paused and stopped
    [InlineData(219)] // the disk is full
    public Task LoseNothingInventNothingAndEveryProfileBecomesFresh(int seed) => LosesNothingAsync(seed);
}

[Needs(Need.Server, Need.Process)]
public sealed class DrawnFaultsWithRedisTests : DrawnFaultTests
{
    [Theory]
    [InlineData(233)] // its disk is full, and it ends itself
    [InlineData(210)] // its memory is full; connections to Postgres are half closed
    public Task LoseNothingInventNothingAndEveryProfileBecomesFresh(int seed) => LosesNothingAsync(seed);
}

[Needs(Need.Server, Need.Process)]
public sealed class DrawnFaultsWithSeveralRedisTests : DrawnFaultTests
{
    [Theory]
    [InlineData(239)] // a replica: partitions, and an orderly failover
    [InlineData(207)] // a cluster: a node and Postgres are killed
    public Task LoseNothingInventNothingAndEveryProfileBecomesFresh(int seed) => LosesNothingAsync(seed);
}
