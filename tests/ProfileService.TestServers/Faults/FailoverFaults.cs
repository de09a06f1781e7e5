using ProfileService.TestServers.Common;

namespace ProfileService.TestServers.Faults;

/// <summary>A replica takes the primary's place: at a word, with nothing lost, or because the primary died.</summary>
internal static class FailoverFaults
{
    // A replica is told of a write after its client is: what a primary acknowledged last may die with it.
    private static readonly TimeSpan AtRisk = TimeSpan.FromSeconds(1);

    public static IReadOnlyList<Fault> All { get; } =
    [
        new(Part.Redis, "failover", HandOverAsync, (_, _) => Task.CompletedTask),
        new(Part.Redis, "failover-by-death", PromoteAsync, ReturnAsync),
    ];

    private static async Task HandOverAsync(FaultWorld world, int target)
    {
        var (primary, replica) = await RolesAsync(world);
        await primary.AskAsync($"FAILOVER TO 127.0.0.1 {replica.Server.Port}");
        await Eventually.IsTrueAsync(replica.IsPrimaryAsync);
    }

    private static async Task PromoteAsync(FaultWorld world, int target)
    {
        var (primary, replica) = await RolesAsync(world);
        await primary.Network.CutAsync();
        await primary.Server.KillAsync();
        world.Sent.Risk(AtRisk);
        await replica.AskAsync("REPLICAOF NO ONE");
    }

    // Clients reach it again only when it knows that it is a replica: a second primary would take in what is then thrown away.
    private static async Task ReturnAsync(FaultWorld world, int target)
    {
        var dead = world.Redis.Single(redis => redis.Server.HasEnded);
        await dead.Server.StartAgainAsync();
        await dead.FollowAsync(world.Redis.Single(redis => redis != dead));
        dead.Network.Open();
    }

    private static async Task<(FaultyRedis Primary, FaultyRedis Replica)> RolesAsync(FaultWorld world) =>
        await world.Redis[0].IsPrimaryAsync() ? (world.Redis[0], world.Redis[1]) : (world.Redis[1], world.Redis[0]);
}
