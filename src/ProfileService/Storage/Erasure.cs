namespace ProfileService.Storage;

/// <summary>A row of the table <c>erasures</c>: a receipt, and what was removed.</summary>
internal sealed class Erasure
{
    public required string Receipt { get; init; }

    public required DateTime RequestedAt { get; init; }

    public required int Users { get; init; }

    public int Windows { get; set; }

    public int Events { get; set; }

    public int CachedProfiles { get; set; }

    public int Profiles { get; set; }

    public int Attributes { get; set; }

    public int Vectors { get; set; }

    public int ArchivedEvents { get; set; }

    /// <summary>Number of processes that dropped the users from their memory.</summary>
    public int Processes { get; set; }

    /// <summary>Why it has not gone on; null if nothing stands in its way.</summary>
    public string? WaitingFor { get; set; }

    /// <summary>When the users were seen to be gone from every store and memory.</summary>
    public DateTime? GoneAt { get; set; }

    /// <summary>When Redis's files had been rewritten, too.</summary>
    public DateTime? DoneAt { get; set; }
}
