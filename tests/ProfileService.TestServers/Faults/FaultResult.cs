using System.Globalization;

namespace ProfileService.TestServers.Faults;

/// <summary>What was wrong when all was healed.</summary>
/// <param name="Lost">Acknowledged events that a window should have and has not.</param>
/// <param name="Invented">Events in a window that no client sent, or not so.</param>
/// <param name="Stale">Users whose profile did not come to be of their window's revision, and services that were not ready with nobody
/// due.</param>
internal readonly record struct FaultLeft(int Lost, int Invented, int Stale)
{
    public FaultLeft Add(FaultLeft other) => new(Lost + other.Lost, Invented + other.Invented, Stale + other.Stale);
}

/// <summary>One schedule and what it showed.</summary>
internal sealed record FaultResult(
    Schedule Schedule, int Posted, int Acknowledged, FaultLeft Left, IReadOnlyList<string> WentBack, IReadOnlyList<string> ReadyViolations)
{
    public bool IsClean => Left == default && WentBack.Count == 0 && ReadyViolations.Count == 0;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"seed {Schedule.Seed}: posted {Posted:N0}, acknowledged {Acknowledged:N0}, "
        + $"lost {Left.Lost}, invented {Left.Invented}, stale {Left.Stale}, back {WentBack.Count}, ready {ReadyViolations.Count}"
        + $" | {Schedule}{Details}");

    private string Details => string.Concat(WentBack.Take(3).Concat(ReadyViolations).Select(line => $"\n    {line}"));
}
