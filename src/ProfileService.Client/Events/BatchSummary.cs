namespace ProfileService.Client;

/// <summary>What became of the items, attributes or purposes that were sent.</summary>
/// <param name="Accepted">Number of entries that are stored.</param>
/// <param name="Rejected">Number of entries that broke a rule; they changed nothing.</param>
/// <param name="Problems">One for each rejected entry, at most the first 1,000 of a request.</param>
public sealed record BatchSummary(long Accepted, long Rejected, IReadOnlyList<EntryProblem> Problems);
