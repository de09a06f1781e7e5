namespace ProfileService.Intake;

/// <summary>The reply to posted items or attributes.</summary>
/// <param name="Accepted">Entries stored.</param>
/// <param name="Rejected">Entries that broke a rule.</param>
/// <param name="Problems">One for each rejected entry, the first 1,000.</param>
internal sealed record BatchSummary(long Accepted, long Rejected, IReadOnlyList<EventProblem> Problems)
{
    public static BatchSummary From(IngestSummary summary) => new(summary.Accepted, summary.Rejected, summary.Problems);
}
