namespace ProfileService.TestServers.Faults;

/// <summary>One question and its answer.</summary>
internal readonly record struct Sample(DateTimeOffset Started, DateTimeOffset Ended, bool Answer);

/// <summary>What was said of readiness, and what became of the events posted meanwhile.</summary>
internal sealed class ReadyLog
{
    private static readonly TimeSpan Lag = TimeSpan.FromSeconds(5); // that readiness may have, both ways
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2); // of a probe: a slower answer is none, and so is that of an event
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(1); // between two samples

    public List<Sample> Ready { get; } = [];

    public List<Sample> Stored { get; } = [];

    /// <summary>The times, one line each, at which readiness said the one while for 5 s before, and at that moment, each event met the
    /// other.</summary>
    public IReadOnlyList<string> Violations()
    {
        var violations = new List<string>();
        for (var i = 0; i < Ready.Count; i++)
        {
            var first = i;
            while (i < Ready.Count && IsViolated(Ready[i]) && Ready[i].Answer == Ready[first].Answer)
                i++;
            if (i > first)
                violations.Add(Describe(Ready[first], Ready[i - 1]));
        }
        return violations;
    }

    private bool IsViolated(Sample ready)
    {
        var around = Stored.Where(s => s.Started >= ready.Started - Lag - Slack && s.Started <= ready.Ended + Slack).ToList();
        return around.Count > 0
            && !Stored.Exists(s => IsTooLate(s) && s.Started <= ready.Ended && s.Ended >= ready.Started - Lag)
            && around.TrueForAll(s => s.Answer != ready.Answer)
            && around[0].Ended <= ready.Started - Lag // it was known for as long
            && around[^1].Ended >= ready.Ended;
    }

    // A process that was stopped for a while stores what came meanwhile, but answers no probe: nothing can be said of that while.
    private static bool IsTooLate(Sample stored) => stored.Answer && stored.Ended - stored.Started > Patience;

    private static string Describe(Sample first, Sample last) =>
        $"{(first.Answer ? "ready although no event was stored" : "not ready although every event was stored")}"
        + $" for {Math.Max(0.2, (last.Ended - first.Started).TotalSeconds):0.0} s more than {Lag.TotalSeconds:0} s";
}
