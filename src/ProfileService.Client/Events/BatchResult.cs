namespace ProfileService.Client;

/// <summary>What became of the items or attributes that were sent.</summary>
/// <param name="Accepted">Entries that are stored.</param>
/// <param name="Rejected">Entries that broke a rule; they changed nothing.</param>
/// <param name="Problems">Why the rejected ones were; the first 1,000.</param>
public sealed record BatchResult(long Accepted, long Rejected, IReadOnlyList<EntryProblem> Problems);
