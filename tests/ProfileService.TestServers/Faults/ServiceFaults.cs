namespace ProfileService.TestServers.Faults;

/// <summary>What happens to a process of the service.</summary>
internal static class ServiceFaults
{
    private static readonly TimeSpan Ahead = TimeSpan.FromHours(1);
    private static readonly TimeSpan Back = TimeSpan.FromMinutes(-10);

    public static IReadOnlyList<Fault> All { get; } =
    [
        new(Part.Service, "kill", (world, i) => Of(world, i).KillAsync(), (world, i) => Of(world, i).StartAgainAsync()),
        new(Part.Service, "stop", (world, i) => Of(world, i).StopAsync(), (world, i) => Of(world, i).StartAgainAsync()),
        new(Part.Service, "pause", (world, i) => Of(world, i).PauseAsync(), (world, i) => Of(world, i).ResumeAsync()),
        Clock("clock-ahead", Ahead),
        Clock("clock-back", Back),
    ];

    /// <summary>Its disk is that of the windows.</summary>
    public static IReadOnlyList<Fault> OfSqlite { get; } =
    [
        new(Part.Service, "disk-full", (world, i) => FullDisk.FillAsync(Of(world, i).Folder), (world, i) =>
            Freed(Of(world, i).Folder), MachineNeed.Disk),
    ];

    private static FaultyService Of(FaultWorld world, int target) => world.Services[target % world.Services.Count];

    private static Fault Clock(string what, TimeSpan offset) => new(
        Part.Service, what, (world, i) => Stepped(Of(world, i), offset), (world, i) => Stepped(Of(world, i), TimeSpan.Zero), MachineNeed.Clock);

    private static Task Stepped(FaultyService service, TimeSpan offset)
    {
        service.Clock!.Step(offset);
        return Task.CompletedTask;
    }

    private static Task Freed(string folder)
    {
        FullDisk.Free(folder);
        return Task.CompletedTask;
    }
}
