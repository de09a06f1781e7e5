namespace ProfileService.Lookup;

/// <summary>How far a user's vector turns without each of its events and attributes.</summary>
/// <param name="OfEvents">One for each event of the window, oldest first; null if the model does not read the event.</param>
/// <param name="OfAttributes">Of the user's attributes that the model reads, in the order of its schema.</param>
internal sealed record VectorChanges(IReadOnlyList<VectorChange?> OfEvents, IReadOnlyList<AttributeLeftOut> OfAttributes)
{
    /// <summary>The events that change most; of equal changes the newer event first.</summary>
    /// <param name="eventIds">Ids of the window's events.</param>
    public List<LeftOutEvent> GreatestOfEvents(IEnumerable<string> eventIds, int count) =>
        [.. eventIds.Zip(OfEvents).Reverse()
            .Where(e => e.Second is not null)
            .Select(e => new LeftOutEvent(e.First, e.Second!.Distance, e.Second.Segments))
            .OrderByDescending(e => e.Change)
            .Take(count)];

    /// <summary>The attributes, the greatest change first.</summary>
    public List<AttributeLeftOut> AttributesByChange() => [.. OfAttributes.OrderByDescending(a => a.Change)];
}

/// <summary>How far a vector turns without an event or an attribute.</summary>
/// <param name="Distance">1 minus the cosine of the vectors with and without it, in 6 decimals.</param>
/// <param name="Segments">
/// How the squared distance between the two divides over the vector's segments; null if the package names none, or if nothing changes.
/// </param>
internal sealed record VectorChange(double Distance, IReadOnlyDictionary<string, double>? Segments);
