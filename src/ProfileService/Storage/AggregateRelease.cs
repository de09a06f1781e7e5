namespace ProfileService.Storage;

/// <summary>A row of the table <c>aggregate_releases</c>: counts that were, or are being, released. It has no user's id.</summary>
internal sealed class AggregateRelease
{
    /// <summary>1, 2, 3, …: one process at a time can take the next.</summary>
    public required long Number { get; init; }

    /// <summary>A random text of the process that makes it.</summary>
    public required string Lease { get; set; }

    /// <summary>Until when the others leave it alone.</summary>
    public required DateTime LeasedUntil { get; set; }

    /// <summary>When its counting began; null until it is made.</summary>
    public DateTime? MadeAt { get; set; }

    /// <summary>What it spends of the budget; 0 for exact counts.</summary>
    public required int EpsilonThousandths { get; set; }

    /// <summary>The counts, JSON; null until it is made, and again once there is a later release.</summary>
    public string? Counts { get; set; }
}
