namespace ProfileService.TestServers.Faults;

/// <summary>What happens to the database. Events are taken in without it.</summary>
internal static class PostgresFaults
{
    private static readonly TimeSpan Late = TimeSpan.FromMilliseconds(100);

    public static IReadOnlyList<Fault> All { get; } =
    [
        new(Part.Postgres, "kill", (world, _) => Of(world).Server.KillAsync(), (world, _) => Of(world).Server.StartAgainAsync()),
        new(Part.Postgres, "stop", (world, _) => Of(world).Server.StopAsync(), (world, _) => Of(world).Server.StartAgainAsync()),
        new(Part.Postgres, "pause", (world, _) => Of(world).Server.PauseAsync(), (world, _) => Of(world).Server.ResumeAsync()),
        new(Part.Postgres, "read-only", (world, _) => Of(world).AllowWritesAsync(false), (world, _) => Of(world).AllowWritesAsync(true)),
        .. ProxyFaults.Of(Part.Postgres, (world, _) => Of(world).Network, Late),
    ];

    private static FaultyPostgres Of(FaultWorld world) => world.Postgres!;
}
