using ProfileService.Benchmarks.Figures;

namespace ProfileService.Benchmarks.WindowLayouts;

/// <summary>What a layout costs in time: a setting, and a figure of each round.</summary>
/// <param name="Appends">A second.</param>
/// <param name="Cpu">Microseconds of Redis's main thread an append.</param>
/// <param name="FileBytes">That an append adds to the append-only file.</param>
/// <param name="NetworkBytes">To and from Redis, an append.</param>
/// <param name="Reads">Of windows, a second.</param>
internal sealed record LayoutSpeed(
    string Layout, bool GivesIds, int Events, Spread Appends, Spread Cpu, Spread FileBytes, Spread NetworkBytes, Spread Reads);
