namespace ProfileService.Client;

/// <summary>What a training export is to have.</summary>
/// <param name="Ids">Whether users have their ids instead of pseudonyms.</param>
/// <param name="Texts">Whether events have their texts.</param>
/// <param name="Attributes">Names of attributes to export; null for none.</param>
/// <param name="ErasedAfter">Adds the pseudonyms of users who were erased after this number in the ledger.</param>
public sealed record TrainingExportOptions(
    bool Ids = false, bool Texts = false, IReadOnlyList<string>? Attributes = null, long? ErasedAfter = null);
