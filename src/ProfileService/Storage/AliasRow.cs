namespace ProfileService.Storage;

/// <summary>A row of the table <c>user_aliases</c>: that an id is another one's alias. Deleted if the person is erased.</summary>
internal sealed class AliasRow
{
    public required string UserId { get; init; }

    /// <summary>The id under which the person is known. It is no alias: a merge lets all rows point to it.</summary>
    public required string PersonId { get; set; }

    /// <summary>Events of the alias with this timestamp, µs, or an earlier one are from before an erasure of the alias.</summary>
    public required long ErasedBefore { get; set; }

    public required DateTime MergedAt { get; init; }

    /// <summary>When all that lay under the alias was seen to be the person's; null as long as something may lie there.</summary>
    public DateTime? MovedAt { get; set; }

    /// <summary>A number that rises with each change of any alias, and becomes visible in its order.</summary>
    public required long Sequence { get; set; }
}
