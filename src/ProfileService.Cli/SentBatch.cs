namespace ProfileService.Cli;

/// <summary>The service's verdicts on one request, or the problem that it saw; the members are those of its reply.</summary>
internal sealed record SentBatch(
    long Accepted, long Duplicates, long Late, long Rejected, IReadOnlyList<SentProblem> Problems, string? Code = null, string? Detail = null);

/// <summary>Why one event was rejected.</summary>
internal sealed record SentProblem(int Index, string Code, string Detail);
