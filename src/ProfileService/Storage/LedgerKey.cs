namespace ProfileService.Storage;

/// <summary>The only row of the table <c>ledger_key</c>: under which key the ledger's hashes are.</summary>
internal sealed class LedgerKey
{
    public const int OnlyId = 1;

    public int Id { get; init; } = OnlyId;

    /// <summary>The key, if it was made at the first start; null if it comes from a setting.</summary>
    public byte[]? Key { get; init; }

    /// <summary>A hash under the key, by which another key is noticed.</summary>
    public required string Check { get; init; }
}
