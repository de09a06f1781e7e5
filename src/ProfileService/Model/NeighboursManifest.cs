namespace ProfileService.Model;

/// <summary><c>neighbours</c> of a package's manifest: what the neighbours of items count in a score.</summary>
/// <param name="Count">Neighbours of each item, at most. 1 to 1,000.</param>
/// <param name="Last">Number of newest events of a window whose neighbours' scores are raised. 1 to 100.</param>
/// <param name="Decay">Factor of an event's weight beside the one after it. 0 to 1.</param>
/// <param name="Weight">Weight of the newest event: what it adds to the score of a neighbour of weight 1. 0 to 100.</param>
internal sealed record NeighboursManifest(int Count, int Last, double Decay, double Weight)
{
    /// <summary>Returns what is wrong, or null.</summary>
    public string? Problem() => this switch
    {
        { Count: < 1 or > 1_000 } => "count must be 1 to 1,000.",
        { Last: < 1 or > 100 } => "last must be 1 to 100.",
        { Decay: not (>= 0 and <= 1) } => "decay must be 0 to 1.",
        { Weight: not (>= 0 and <= 100) } => "weight must be 0 to 100.",
        _ => null,
    };
}
