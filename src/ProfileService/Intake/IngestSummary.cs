namespace ProfileService.Intake;

/// <summary>The reply to posted events: how many met which verdict, and why the rejected ones were.</summary>
internal sealed class IngestSummary
{
    /// <summary>Problems listed in one reply; further rejected events are only counted, so that a reply stays bounded.</summary>
    public const int MaxProblems = 1_000;

    private readonly List<EventProblem> _problems = [];

    /// <summary>Events now in their windows.</summary>
    public long Accepted { get; private set; }

    /// <summary>Events whose id is in the window already.</summary>
    public long Duplicates { get; private set; }

    /// <summary>Events that fall outside their windows.</summary>
    public long Late { get; private set; }

    /// <summary>Events that broke a rule, see <see cref="Problems"/>.</summary>
    public long Rejected { get; private set; }

    /// <summary>One for each rejected event, the first 1,000.</summary>
    public IReadOnlyList<EventProblem> Problems => _problems;

    /// <summary>Names of fields that were passed over, the first 16; left out where there were none.</summary>
    public IReadOnlyList<string>? UnknownFields => Unknown.Names;

    internal UnknownFields Unknown { get; } = new();

    /// <summary>Whether there was something, and nothing of it was right.</summary>
    internal bool AllRejected => Rejected > 0 && Accepted + Duplicates + Late == 0;

    internal void Count(Verdict verdict)
    {
        switch (verdict)
        {
            case Verdict.Accepted: Accepted++; break;
            case Verdict.Duplicate: Duplicates++; break;
            case Verdict.Late: Late++; break;
            default: throw new ArgumentOutOfRangeException(nameof(verdict), verdict, null);
        }
    }

    internal void Reject(EventProblem problem)
    {
        Rejected++;
        if (_problems.Count < MaxProblems)
            _problems.Add(problem);
    }
}
