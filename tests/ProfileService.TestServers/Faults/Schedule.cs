using System.Globalization;

namespace ProfileService.TestServers.Faults;

/// <summary>Where windows and profiles are kept.</summary>
internal enum Stores
{
    /// <summary>Both in SQLite files of the one process.</summary>
    Sqlite,

    /// <summary>Windows in one Redis, profiles in Postgres; two replicas of the service.</summary>
    Redis,

    /// <summary>Windows in a Redis with a replica that is promoted.</summary>
    Replicated,

    /// <summary>Windows in a Redis Cluster of three nodes.</summary>
    Cluster,
}

/// <summary>Faults that hold at the same time, each of another part.</summary>
/// <param name="Before">How long all is well before.</param>
internal sealed record Step(IReadOnlyList<DrawnFault> Faults, TimeSpan Before, TimeSpan Held)
{
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{string.Join('+', Faults)} {Held.TotalSeconds:0.0} s");
}

/// <summary>A fault and which of the services or servers it strikes, counted round and round.</summary>
internal sealed record DrawnFault(Fault Fault, int Target)
{
    public override string ToString() => Fault.CanStrike ? Fault.Name : $"{Fault.Name} (not here)";
}

/// <summary>What happens when, all of it drawn from one number.</summary>
internal sealed record Schedule(int Seed, Stores Stores, IReadOnlyList<Step> Steps)
{
    private const int MaxSteps = 3;
    private const double LongestHeld = 8; // s; readiness has to follow within 5

    private static readonly TimeSpan MaxHeld = TimeSpan.FromSeconds(12); // of all steps together

    public int Services => Stores == Stores.Sqlite ? 1 : 2;

    public bool NeedsClock => FakeClock.IsInstalled && Steps.Any(step => step.Faults.Any(drawn => drawn.Fault.Needs == MachineNeed.Clock));

    public static Schedule Draw(int seed)
    {
        var random = new Random(seed);
        var stores = (Stores)random.Next(Enum.GetValues<Stores>().Length);
        var steps = new List<Step>();
        var held = TimeSpan.Zero;
        for (var count = 1 + random.Next(MaxSteps); steps.Count < count && held < MaxHeld; held += steps[^1].Held)
            steps.Add(DrawStep(random, Fault.Of(stores)));
        return new Schedule(seed, stores, steps);
    }

    /// <summary>Whether the part that keeps the windows stands on a small disk that is filled.</summary>
    public bool NeedsDisk(Stores stores) =>
        Stores == stores && Steps.Any(step => step.Faults.Any(drawn => drawn.Fault is { Needs: MachineNeed.Disk, CanStrike: true }));

    public override string ToString() => $"{Stores.ToString().ToLowerInvariant()}: {string.Join(", ", Steps)}";

    private static Step DrawStep(Random random, IReadOnlyList<Fault> faults)
    {
        var first = faults[random.Next(faults.Count)];
        var others = faults.Where(fault => fault.Part != first.Part).ToList();
        DrawnFault[] drawn = others.Count > 0 && random.Next(4) == 0
            ? [new(first, random.Next(6)), new(others[random.Next(others.Count)], random.Next(6))]
            : [new(first, random.Next(6))];
        var held = random.Next(2) == 0 ? .2 + random.NextDouble() : LongestHeld - random.NextDouble();
        return new Step(drawn, TimeSpan.FromSeconds(.5 + random.NextDouble()), TimeSpan.FromSeconds(held));
    }
}
