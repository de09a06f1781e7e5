namespace ProfileService.Storage;

/// <summary>A row of the table <c>pending_erasures</c>: a user who is to be erased. Deleted when it is done.</summary>
internal sealed class PendingErasure
{
    public required string Receipt { get; init; }

    public required string UserId { get; init; }

    public required DateTime RequestedAt { get; init; }

    /// <summary>Whether the attributes are erased, so that those that were put since stay.</summary>
    public bool AreAttributesErased { get; set; }

    /// <summary>Whether the window is erased, so that what came since stays.</summary>
    public bool AreWindowsErased { get; set; }

    /// <summary>Until when a process works on it; the others leave it alone.</summary>
    public required DateTime LeasedUntil { get; set; }
}
