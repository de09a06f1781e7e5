namespace ProfileService.Benchmarks.Faults;

/// <summary>What happens to the record. Events are taken in without it.</summary>
internal static class PostgresFaults
{
    private static readonly TimeSpan Late = TimeSpan.FromMilliseconds(100);

    public static IReadOnlyList<Fault> All { get; } =
    [
        new(Part.Postgres, "kill", (world, _) => world.Postgres!.Server.KillAsync(), (world, _) => world.Postgres!.Server.StartAgainAsync()),
        new(Part.Postgres, "stop", (world, _) => world.Postgres!.Server.StopAsync(), (world, _) => world.Postgres!.Server.StartAgainAsync()),
        new(Part.Postgres, "pause", (world, _) => world.Postgres!.Server.PauseAsync(), (world, _) => world.Postgres!.Server.ResumeAsync()),
        new(Part.Postgres, "read-only", (world, _) => world.Postgres!.AllowWritesAsync(false), (world, _) => world.Postgres!.AllowWritesAsync(true)),
        .. ProxyFaults.Of(Part.Postgres, (world, _) => world.Postgres!.Network, Late),
    ];
}
