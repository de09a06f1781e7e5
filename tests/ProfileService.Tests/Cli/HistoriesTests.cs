using ProfileService.Cli.Data;
using static ProfileService.TestServers.Common.TestEvents;
using ProfileService.Windows;

namespace ProfileService.Tests.Cli;

public sealed class HistoriesTests : IDisposable
{
    private readonly TempDirectory _files = new();

    [Fact]
    public void EventsAreOrderedByTimeThenGivenIdThenPlaceInTheFile()
    {
        var histories = Read(
            Event(10, item: "id-b", id: "b"),
            Event(10, item: "id-a", id: "a"),
            Event(10, item: "none-1"),
            Event(10, item: "none-0"),
            Event(5, item: "earlier", id: "z"));
        Assert.Equal([["earlier", "none-1", "none-0", "id-a", "id-b"]], Items(histories));
    }

    [Fact]
    public void SameEventCountsOnceAndTheFirstOfTheFileStands()
    {
        var histories = Read(
            Event(2, item: "first", id: "a"),
            Event(1, item: "second", id: "a"), // the same id
            Event(3, item: "i1"),
            Event(3, item: "i1"), // all the same
            Event(3, item: "i1", kind: "cart"),
            Event(4, item: "i1"),
            Event(2, user: "u2", item: "other", id: "a")); // another user's
        Assert.Equal([["first", "i1", "i1", "i1"], ["other"]], Items(histories));
    }

    [Fact]
    public void TimeThatLiesAheadIsNoProblem() =>
        Assert.Equal([["i1"]], Items(Read(Event(400 * 86_400))));

    [Fact]
    public void FewBadLinesAreNamedAndLeftOut()
    {
        var histories = Read([.. Enumerable.Range(0, 198).Select(i => Event(i).Json()), "", "{broken", Event(1, kind: "stare").Json()]);
        Assert.Equal(198, histories.OfUsers().Single().Events.Count);
        Assert.Collection(histories.Problems,
            first => Assert.StartsWith("line 200: malformed_json", first, StringComparison.Ordinal),
            second => Assert.StartsWith("line 201: unknown_kind", second, StringComparison.Ordinal),
            sum => Assert.StartsWith("2 of 200 events", sum, StringComparison.Ordinal));
    }

    [Fact]
    public void ManyBadLinesAreAnotherFileThanWasMeant()
    {
        var refused = Assert.Throws<InvalidDataException>(() => Read([.. Enumerable.Range(0, 98).Select(i => Event(i).Json()), "u1 i1 i2"]));
        Assert.Contains("line 99: malformed_json", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void UserOfSequencesWithoutItemsIsLeftOutAndNamed()
    {
        File.WriteAllLines(_files.File("sequences"), [.. Enumerable.Range(0, 99).Select(i => $"u{i} i1"), "v"]);
        var histories = Histories.Read(EventFile.Open(EventFile.Sequences, _files.File("sequences")), () => { });
        Assert.DoesNotContain(histories.OfUsers(), h => h.UserId == "v");
        Assert.StartsWith("line 100: missing_field: itemId", histories.Problems[0], StringComparison.Ordinal);
        Assert.Equal("1 of 100 events were left out.", histories.Problems[1]);
    }

    public void Dispose() => _files.Dispose();

    private static IEnumerable<string[]> Items(Histories histories) => histories.OfUsers().Select(h => h.Events.Select(e => e.ItemId).ToArray());

    private Histories Read(params WindowEvent[] events) => Read(events.Select(e => e.Json()).ToArray());

    private Histories Read(string[] lines)
    {
        File.WriteAllLines(_files.File("events"), lines);
        return Histories.Read(EventFile.Open(EventFile.Ndjson, _files.File("events")), () => { });
    }
}
