namespace ProfileService.Model;

/// <summary><c>neighbours</c> of a package's manifest: what the neighbours of items count in a score.</summary>
/// <param name="Count">Neighbours of each item, at most. 1 to 1,000.</param>
/// <param name="Last">Newest events of a window whose neighbours gain. 1 to 100.</param>
/// <param name="Fade">What an event counts beside the one after it. 0 to 1.</param>
/// <param name="Share">What a neighbour of weight 1 of the newest event gains. 0 to 100.</param>
internal sealed record NeighboursManifest(int Count, int Last, double Fade, double Share)
{
    /// <summary>Returns what is wrong, or null.</summary>
    public string? Problem() => this switch
    {
        { Count: < 1 or > 1_000 } => "count must be 1 to 1,000.",
        { Last: < 1 or > 100 } => "last must be 1 to 100.",
        { Fade: not (>= 0 and <= 1) } => "fade must be 0 to 1.",
        { Share: not (>= 0 and <= 100) } => "share must be 0 to 100.",
        _ => null,
    };
}
