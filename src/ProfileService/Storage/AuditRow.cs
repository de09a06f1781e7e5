namespace ProfileService.Storage;

/// <summary>A row of the table <c>audit_log</c>, which the database lets nobody change or remove.</summary>
internal sealed class AuditRow
{
    /// <summary>1, 2, 3, …, without gaps.</summary>
    public required long Sequence { get; init; }

    public required DateTime At { get; init; }

    /// <summary>
    /// Who asked: <c>key:</c> and the key's id, <c>token:</c> and the token's client, <c>subject:</c> and the token's subject,
    /// <c>unproven:</c> and the id of a key whose secret was wrong, <c>command</c>, or <c>unknown</c>.
    /// </summary>
    public required string Caller { get; init; }

    /// <summary>What for: the operation's id, as in the OpenAPI document.</summary>
    public required string Action { get; init; }

    /// <summary>The user concerned, as the HMAC of the id; empty if there is none or the key of the HMAC is not known.</summary>
    public required string UserHash { get; init; }

    /// <summary>HTTP status of the answer.</summary>
    public required int Status { get; init; }

    /// <summary>How many equal requests the row stands for.</summary>
    public required int Count { get; init; }

    /// <summary>Trace id of the last of them.</summary>
    public required string TraceId { get; init; }

    /// <summary>SHA-256 of the previous row's hash and of this row's other columns.</summary>
    public byte[] Hash { get; set; } = [];
}
