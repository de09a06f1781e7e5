namespace ProfileService.Model;

/// <summary>Up to which erasure of users a package was trained, as its manifest states it.</summary>
/// <param name="LedgerSequence">The last entry of the ledger of erased users when the log that it was trained on was exported.</param>
/// <param name="ExportedAt">When that was.</param>
/// <param name="RefitOf">The package that was made to forget users; left out if training began anew.</param>
internal sealed record PrivacyManifest(long LedgerSequence = -1, DateTimeOffset ExportedAt = default, string? RefitOf = null)
{
    private const int MaxCharacters = 129; // of a name, a slash and a version

    /// <summary>Returns what is wrong, or null.</summary>
    public string? Problem() => this switch
    {
        { LedgerSequence: < 0 } => "privacy: ledgerSequence must be a whole number from 0.",
        _ when ExportedAt == default => "privacy: exportedAt must be a time.",
        { RefitOf.Length: 0 or > MaxCharacters } => $"privacy: refitOf must have 1 to {MaxCharacters} characters.",
        _ => null,
    };
}
