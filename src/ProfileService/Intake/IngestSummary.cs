using System.ComponentModel.DataAnnotations;

namespace ProfileService.Intake;

/// <summary>What became of posted events.</summary>
internal sealed class IngestSummary
{
    /// <summary>
    /// Maximum number of problems in a response. Further rejected events are only counted, so that the response size is limited.
    /// </summary>
    public const int MaxProblems = 1_000;

    private readonly List<EntryProblem> _problems = [];

    /// <summary>Number of events now in their users' windows.</summary>
    public long Accepted { get; private set; }

    /// <summary>Number of events whose id was in the window already.</summary>
    public long Duplicates { get; private set; }

    /// <summary>Number of events that are too old for their window.</summary>
    public long Late { get; private set; }

    /// <summary>Number of events of a time before their user was erased.</summary>
    public long Erased { get; private set; }

    /// <summary>Number of events that broke a rule.</summary>
    public long Rejected { get; private set; }

    /// <summary>One for each rejected event, in their order; the first 1,000.</summary>
    [MaxLength(MaxProblems)]
    public IReadOnlyList<EntryProblem> Problems => _problems;

    /// <summary>
    /// Names of fields that were passed over: nothing reads them, or it is a recommendationId that was not made here. The first 16, left
    /// out if there were none.
    /// </summary>
    [MaxLength(Intake.UnknownFields.MaxNames)]
    public IReadOnlyList<string>? UnknownFields => Unknown.Names;

    internal UnknownFields Unknown { get; } = new();

    /// <summary>Whether there were entries, and every one was rejected.</summary>
    internal bool AllRejected => Rejected > 0 && Accepted + Duplicates + Late + Erased == 0;

    internal void Count(Verdict verdict)
    {
        switch (verdict)
        {
            case Verdict.Accepted: Accepted++; break;
            case Verdict.Duplicate: Duplicates++; break;
            case Verdict.Late: Late++; break;
            case Verdict.Erased: Erased++; break;
            default: throw new ArgumentOutOfRangeException(nameof(verdict), verdict, null);
        }
    }

    internal void Reject(EntryProblem problem)
    {
        Rejected++;
        var place = _problems.Count; // mostly: only what the stores refuse comes after problems of later events
        while (place > 0 && _problems[place - 1].Index > problem.Index)
            place--;
        if (place == MaxProblems)
            return;
        if (_problems.Count == MaxProblems)
            _problems.RemoveAt(MaxProblems - 1);
        _problems.Insert(place, problem);
    }
}
