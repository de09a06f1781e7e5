namespace ProfileService.Storage;

/// <summary>A row of the table <c>api_keys</c>. The key itself is not stored.</summary>
internal sealed class ApiKeyRow
{
    /// <summary>The public part of the key: it names the key and lets nobody in.</summary>
    public required string Id { get; init; }

    /// <summary>What people call the key.</summary>
    public required string Name { get; init; }

    /// <summary>SHA-256 of the key.</summary>
    public required byte[] Hash { get; init; }

    /// <summary>Scopes, separated by spaces.</summary>
    public required string Scopes { get; init; }

    public required DateTime CreatedAt { get; init; }

    public DateTime? ExpiresAt { get; set; }

    public DateTime? RevokedAt { get; set; }

    /// <summary>When a process last saw the key, to the minute; null if it was never used.</summary>
    public DateTime? LastUsedAt { get; set; }

    /// <summary>Requests a second that the key allows; null for the setting's.</summary>
    public int? Requests { get; init; }

    /// <summary>Events a second.</summary>
    public int? Events { get; init; }

    /// <summary>Users looked up a second.</summary>
    public int? Users { get; init; }
}
