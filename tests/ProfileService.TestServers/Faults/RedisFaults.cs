namespace ProfileService.TestServers.Faults;

/// <summary>What happens to a Redis server and to the network before it.</summary>
internal static class RedisFaults
{
    private static readonly TimeSpan Late = TimeSpan.FromMilliseconds(150);

    public static IReadOnlyList<Fault> All { get; } =
    [
        new(Part.Redis, "kill", (world, i) => Of(world, i).Server.KillAsync(), StartAgainAsync),
        new(Part.Redis, "stop", (world, i) => Of(world, i).Server.StopAsync(), StartAgainAsync),
        new(Part.Redis, "pause", (world, i) => Of(world, i).Server.PauseAsync(), ResumeAsync),
    ];

    /// <summary>Partitions of the network between the services and the server.</summary>
    public static IReadOnlyList<Fault> OfNetwork { get; } = ProxyFaults.Of(Part.Redis, (world, i) => Of(world, i).Network, Late);

    /// <summary>A server that answers and takes nothing.</summary>
    public static IReadOnlyList<Fault> OfLimits { get; } =
    [
        Setting("memory-full", "maxmemory", "1mb", "0"),
        Setting("min-replicas", "min-replicas-to-write", "1", "0"),
        new(Part.Redis, "disk-full", (world, i) => FullDisk.FillAsync(Of(world, i).Server.Folder), FreeAsync, MachineNeed.Disk),
    ];

    public static FaultyRedis Of(FaultWorld world, int target) => world.Redis[target % world.Redis.Count];

    private static Fault Setting(string what, string setting, string bad, string good) =>
        new(Part.Redis, what, (world, i) => Of(world, i).SetAsync(setting, bad), (world, i) => Of(world, i).SetAsync(setting, good));

    private static async Task StartAgainAsync(FaultWorld world, int target)
    {
        await Of(world, target).Server.StartAgainAsync();
        await world.UntilWholeAsync();
    }

    private static async Task ResumeAsync(FaultWorld world, int target)
    {
        await Of(world, target).Server.ResumeAsync();
        await world.UntilWholeAsync();
    }

    // With appendfsync always a Redis that cannot write ends itself; someone has to make room and start it again.
    private static async Task FreeAsync(FaultWorld world, int target)
    {
        FullDisk.Free(Of(world, target).Server.Folder);
        if (Of(world, target).Server.HasEnded)
            await Of(world, target).Server.StartAgainAsync();
    }
}
