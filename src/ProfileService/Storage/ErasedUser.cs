namespace ProfileService.Storage;

/// <summary>A row of the table <c>erased_users</c>, the ledger: that a user was erased, under the hash of the id.</summary>
internal sealed class ErasedUser
{
    /// <summary>See <see cref="Platform.UserHash"/>.</summary>
    public required string UserHash { get; init; }

    /// <summary>Where the mark of the windows lies, of so many <see cref="Partitions"/>.</summary>
    public required int Partition { get; set; }

    public required int Partitions { get; set; }

    /// <summary>Events with this timestamp, µs, or an earlier one are not taken again.</summary>
    public required long ErasedBefore { get; set; }

    /// <summary>Profiles with this revision or a lower one are not stored again.</summary>
    public required long RevisionFloor { get; set; }

    /// <summary>The last erasure's number in its mark.</summary>
    public required long Order { get; set; }

    public required DateTime ErasedAt { get; set; }

    /// <summary>A number that rises with each erasure, and becomes visible in its order.</summary>
    public required long Sequence { get; set; }
}
