using System.ComponentModel.DataAnnotations;

namespace ProfileService.Intake;

/// <summary>What became of posted items or attributes.</summary>
/// <param name="Accepted">Number of entries stored.</param>
/// <param name="Rejected">Number of entries that broke a rule.</param>
/// <param name="Problems">One for each rejected entry, in their order; the first 1,000.</param>
internal sealed record BatchSummary(
    long Accepted, long Rejected, [MaxLength(IngestSummary.MaxProblems)] IReadOnlyList<EntryProblem> Problems)
{
    public static BatchSummary From(IngestSummary summary) => new(summary.Accepted, summary.Rejected, summary.Problems);
}
