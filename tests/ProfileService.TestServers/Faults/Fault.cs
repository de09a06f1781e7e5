using ProfileService.TestServers.Processes;

namespace ProfileService.TestServers.Faults;

/// <summary>What a fault needs of the machine.</summary>
internal enum MachineNeed
{
    Nothing,

    /// <summary>A small disk, mounted by root.</summary>
    Disk,

    /// <summary>Debian's faketime.</summary>
    Clock,
}

/// <summary>The part of the whole that a fault strikes, in the order of healing: a service does not start without its servers.</summary>
internal enum Part
{
    Postgres,
    Redis,
    Service,
}

/// <summary>Something that goes wrong, and how it comes right again.</summary>
internal sealed record Fault(Part Part, string What, Func<FaultWorld, int, Task> StrikeAsync, Func<FaultWorld, int, Task> HealAsync,
    MachineNeed Needs = MachineNeed.Nothing)
{
    public string Name => $"{Part.ToString().ToLowerInvariant()}-{What}";

    public bool CanStrike => Needs switch
    {
        MachineNeed.Disk => GuardedFolder.CanBeSmallDisk,
        MachineNeed.Clock => FakeClock.IsInstalled,
        _ => true,
    };

    public static IReadOnlyList<Fault> Of(Stores stores) => stores switch
    {
        Stores.Sqlite => [.. ServiceFaults.All, .. ServiceFaults.OfSqlite],
        Stores.Redis => [.. ServiceFaults.All, .. RedisFaults.All, .. RedisFaults.OfNetwork, .. RedisFaults.OfLimits,
            .. PostgresFaults.All],
        Stores.Replicated => [.. ServiceFaults.All, .. RedisFaults.OfNetwork, .. FailoverFaults.All, .. FailoverFaults.All,
            .. PostgresFaults.All],
        _ => [.. ServiceFaults.All, .. RedisFaults.All, .. RedisFaults.All, .. PostgresFaults.All],
    };
}
