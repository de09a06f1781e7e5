using ProfileService.Intake;

namespace ProfileService.Tests.Intake;

/// <summary>Problems are told in the order of the entries, in whichever order they are found.</summary>
public sealed class IngestSummaryTests
{
    [Fact]
    public void ProblemsAreInTheOrderOfTheEntries()
    {
        var summary = Rejecting([1, 3, 4, 0, 2]);
        Assert.Equal([0, 1, 2, 3, 4], summary.Problems.Select(p => p.Index));
    }

    [Fact]
    public void FirstThousandAreThoseOfTheFirstEntries()
    {
        var most = IngestSummary.MaxProblems;
        var odd = Enumerable.Range(0, most).Select(i => (2 * i) + 1);
        var even = Enumerable.Range(0, most).Select(i => 2 * i);
        var summary = Rejecting(odd.Concat(even));
        Assert.Equal(Enumerable.Range(0, most).Select(i => (long)i), summary.Problems.Select(p => p.Index));
        Assert.Equal(2 * most, summary.Rejected);
    }

    private static IngestSummary Rejecting(IEnumerable<int> indexes)
    {
        var summary = new IngestSummary();
        foreach (var index in indexes)
            summary.Reject(new EntryProblem(index, "wrong_type", null, "An event is a JSON object."));
        return summary;
    }
}
