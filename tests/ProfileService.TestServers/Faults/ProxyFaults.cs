namespace ProfileService.TestServers.Faults;

/// <summary>What a network does to one server's clients.</summary>
internal static class ProxyFaults
{
    public static IReadOnlyList<Fault> Of(Part part, Func<FaultWorld, int, TcpProxy> network, TimeSpan late) =>
    [
        new(part, "cut", (world, i) => network(world, i).CutAsync(), (world, i) => Done(network(world, i).Open)),
        new(part, "black-hole", (world, i) => Done(network(world, i).Traffic.Hold), (world, i) => Done(network(world, i).Traffic.Flow)),
        new(part, "slow", (world, i) => Done(() => network(world, i).Traffic.Delay(late)), (world, i) =>
            Done(network(world, i).Traffic.Flow)),
        new(part, "half-close", (world, i) => Done(network(world, i).HalfClose), (_, _) => Task.CompletedTask),
    ];

    private static Task Done(Action action)
    {
        action();
        return Task.CompletedTask;
    }
}
