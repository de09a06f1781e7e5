using ProfileService.Intake;
using ProfileService.Windows;
using ProfileService.Windows.Codec;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Windows;

/// <summary>What every store of windows must do; each inherits it.</summary>
public abstract class WindowStoreContract : StoreContract
{
    [Fact]
    public async Task UnknownUserHasNoWindow()
    {
        Assert.Null(await Windows.FindAsync("nobody", Token));
        Assert.Equal([null], await Windows.FindRevisionsAsync(["nobody"], Token));
        Assert.True(await Windows.IsEmptyAsync(Token));
    }

    [Fact]
    public async Task AppendedEventIsFoundAsItWas()
    {
        var e = new WindowEvent("u1", "review", "sku-ä", 1_700_000_000_123_456, "e-1", ["shoes", "red"], 59.9, "fits well");
        Assert.Equal([Verdict.Accepted], await AppendAsync(e));

        var found = Assert.Single((await Windows.FindAsync("u1", Token))!.Window.Events);
        Assert.Equal(e.Categories, found.Categories);
        Assert.Equal(e with { Categories = null }, found with { Categories = null });
        Assert.False(await Windows.IsEmptyAsync(Token));
    }

    [Fact]
    public async Task EventsAreInOrderOfTimestampThenId()
    {
        await AppendAsync(Event(3, id: "a"), Event(1, id: "c"), Event(1, id: "b"), Event(2, id: "z"));
        Assert.Equal(["b", "c", "z", "a"], await IdsAsync());
    }

    [Fact]
    public async Task AppendedEventBeyondLengthPushesOutTheOldest()
    {
        await AppendAsync([.. Enumerable.Range(0, 6).Select(i => Event(i, id: $"e{i}"))]);
        Assert.Equal(["e1", "e2", "e3", "e4", "e5"], await IdsAsync());
    }

    [Fact]
    public async Task EventOlderThanAllOfAFullWindowIsLateAndChangesNothing()
    {
        await AppendAsync([.. Enumerable.Range(1, 5).Select(i => Event(i))]);
        var before = await Windows.FindAsync("u1", Token);
        Assert.Equal([Verdict.Late], await AppendAsync(Event(0)));
        await AssertUnchangedAsync(before!);
    }

    [Fact]
    public async Task EventAtTheAgeLimitStaysAndOneOlderIsLate()
    {
        var limit = -Settings.MaxAge.TotalSeconds;
        await AppendAsync(Event(0, id: "newest"));
        Assert.Equal([Verdict.Accepted, Verdict.Late], await AppendAsync(Event(limit, id: "edge"), Event(limit - 0.000_001, id: "beyond")));
        Assert.Equal(["edge", "newest"], await IdsAsync());
    }

    [Fact]
    public async Task NewerEventDropsThoseThatItMakesTooOld()
    {
        await AppendAsync(Event(0, id: "old"), Event(10, id: "young"));
        await AppendAsync(Event(Settings.MaxAge.TotalSeconds + 5, id: "new"));
        Assert.Equal(["young", "new"], await IdsAsync());
    }

    [Fact]
    public async Task RepeatedEventIsADuplicateAndChangesNothing()
    {
        await AppendAsync(Event(1, id: "given"), Event(2));
        var before = await Windows.FindAsync("u1", Token);
        var verdicts = await AppendAsync(Event(1, id: "given"), Event(2), Event(2));
        Assert.Equal([Verdict.Duplicate, Verdict.Duplicate, Verdict.Duplicate], verdicts);
        await AssertUnchangedAsync(before!);
    }

    [Fact]
    public async Task DerivedIdIsTheEventsId()
    {
        await AppendAsync(Event(2));
        Assert.Equal([Verdict.Duplicate], await AppendAsync(Event(2, id: Event(2).EventId)));
        var verdicts = await AppendAsync(Event(3), Event(2, item: "other"), Event(2, kind: "cart"));
        Assert.Equal([Verdict.Accepted, Verdict.Accepted, Verdict.Accepted], verdicts);
    }

    [Fact]
    public async Task OfTwoEventsWithOneIdTheGreaterStandsInEitherOrder()
    {
        var inOrder = await AppendAsync(Event(1, user: "a", id: "x", item: "p"), Event(2, user: "a", id: "x", item: "q"));
        var reversed = await AppendAsync(Event(2, user: "b", id: "x", item: "q"), Event(1, user: "b", id: "x", item: "p"));
        Assert.Equal([Verdict.Accepted, Verdict.Duplicate], inOrder);
        Assert.Equal([Verdict.Accepted, Verdict.Duplicate], reversed);
        Assert.Equal("q", Assert.Single((await Windows.FindAsync("a", Token))!.Window.Events).ItemId);
        Assert.Equal("q", Assert.Single((await Windows.FindAsync("b", Token))!.Window.Events).ItemId);
    }

    [Fact]
    public async Task OfTwoEventsWithOneIdTheNewerStandsAlsoWhereItComesLater()
    {
        await AppendAsync(Event(1, id: "x", item: "p"), Event(2, id: "y"));
        Assert.Equal([Verdict.Duplicate], await AppendAsync(Event(3, id: "x", item: "q")));
        Assert.Equal(["y", "x"], await IdsAsync());
    }

    [Fact]
    public async Task GivenIdMayBeTheDerivedIdOfAnOlderOrANewerEvent()
    {
        await AppendAsync(Event(2, user: "a"));
        Assert.Equal([Verdict.Duplicate], await AppendAsync(Event(3, user: "a", id: Event(2, user: "a").EventId)));
        await AppendAsync(Event(2, user: "b", id: Event(3, user: "b").EventId));
        Assert.Equal([Verdict.Duplicate], await AppendAsync(Event(3, user: "b")));
    }

    [Fact]
    public async Task LowerLimitOfEventsHoldsFromTheNextOneOn()
    {
        await AppendAsync([.. Enumerable.Range(0, 5).Select(i => Event(i, id: $"e{i}", text: new string('x', 100 * i)))]);
        Settings.MaxEvents = 2;
        await AppendAsync(Event(5, id: "e5"));
        Assert.Equal(["e4", "e5"], await IdsAsync());
    }

    [Fact]
    public async Task MoreNewEventsThanAWindowHoldsLeaveTheNewest()
    {
        await AppendAsync(Event(0, id: "old"));
        var verdicts = await AppendAsync([.. Enumerable.Range(1, 7).Select(i => Event(8 - i, id: $"e{8 - i}"))]);
        Assert.Equal(5, verdicts.Count(v => v == Verdict.Accepted));
        Assert.Equal(["e3", "e4", "e5", "e6", "e7"], await IdsAsync());
    }

    [Fact]
    public async Task UsersDoNotShareWindows()
    {
        var verdicts = await AppendAsync(Event(1, user: "a", id: "x"), Event(1, user: "b", id: "x"), Event(2, user: "a"));
        Assert.Equal([Verdict.Accepted, Verdict.Accepted, Verdict.Accepted], verdicts);
        Assert.Equal(2, (await Windows.FindAsync("a", Token))!.Window.Events.Count);
        Assert.Single((await Windows.FindAsync("b", Token))!.Window.Events);
    }

    [Fact]
    public async Task EveryChangeRaisesTheRevisionByOne()
    {
        await AppendAsync(Event(1));
        var first = await RevisionAsync();
        await AppendAsync(Event(2), Event(3), Event(3));
        Assert.Equal(first + 2, await RevisionAsync());
        Assert.Equal([first + 2, null], await Windows.FindRevisionsAsync(["u1", "nobody"], Token));
        Assert.Equal([], await Windows.FindRevisionsAsync([], Token));
        Assert.Equal(first + 2, await Windows.FindRevisionAsync("u1", Token));
        Assert.Null(await Windows.FindRevisionAsync("nobody", Token));
    }

    [Fact]
    public async Task WindowBegunAnewNeverRepeatsARevision()
    {
        await AppendAsync(Event(1), Event(2), Event(3));
        var before = await RevisionAsync();
        Time.Advance(Settings.IdleTtl);
        Assert.Equal(1, await Windows.DropIdleAsync(Token));
        Assert.Null(await Windows.FindAsync("u1", Token));
        await AppendAsync(Event(4));
        Assert.True(await RevisionAsync() > before);
    }

    [Fact]
    public async Task WindowThatSomethingCameToIsNotDropped()
    {
        await AppendAsync(Event(1, user: "idle"), Event(1, user: "busy"));
        Time.Advance(Settings.IdleTtl / 2);
        await AppendAsync(Event(2, user: "busy"));
        Time.Advance(Settings.IdleTtl / 2);
        Assert.Equal(1, await Windows.DropIdleAsync(Token));
        Assert.NotNull(await Windows.FindAsync("busy", Token));
        Assert.Equal(["busy"], (await ClaimAsync()).Select(c => c.UserId));
    }

    [Fact]
    public async Task TouchRaisesTheRevisionAndMakesDueWithoutChangingTheWindow()
    {
        await AppendAsync(Event(1), Event(2));
        await Queue.SettleAsync(await ClaimAsync(), Token);
        var before = (await Windows.FindAsync("u1", Token))!;
        await Windows.TouchAsync(["u1"], Token);
        var claim = Assert.Single(await ClaimAsync());
        Assert.Equal(before.Revision + 1, claim.Revision);
        Assert.Equal(WindowCodec.Encode(before.Window), claim.Bytes);
        await Windows.TouchAsync(["u1"], Token);
        await Queue.SettleAsync([claim], Token);
        Assert.Equal(before.Revision + 2, Assert.Single(await ClaimAsync()).Revision);
    }

    [Fact]
    public async Task TouchedUserWithoutWindowGetsAnEmptyOneThatEventsGoInto()
    {
        await Windows.TouchAsync(["u1", "u2"], Token);
        Assert.Equal(["u1", "u2"], (await ClaimAsync()).Select(c => c.UserId).Order());
        var empty = (await Windows.FindAsync("u1", Token))!;
        Assert.Empty(empty.Window.Events);

        Assert.Equal([Verdict.Accepted, Verdict.Accepted], await AppendAsync(Event(2), Event(1)));
        Assert.Equal([Verdict.Accepted], await AppendAsync(Event(3)));
        var after = (await Windows.FindAsync("u1", Token))!;
        Assert.Equal(empty.Revision + 3, after.Revision);

        await AppendAsync(Event(1, user: "other"), Event(2, user: "other"), Event(3, user: "other"));
        var other = (await Windows.FindAsync("other", Token))!;
        Assert.Equal(other.Window.Events.Select(e => e.Timestamp), after.Window.Events.Select(e => e.Timestamp));
        await Windows.TouchAsync(["u1"], Token);
        Assert.Equal([Verdict.Duplicate, Verdict.Accepted], await AppendAsync(Event(3), Event(4)));
        Assert.Equal(after.Revision + 2, (await Windows.FindAsync("u1", Token))!.Revision);
    }

    [Fact]
    public async Task ParallelAppendsLoseNothing()
    {
        Settings.MaxEvents = 1_000;
        await Task.WhenAll(Enumerable.Range(0, 40)
            .Select(i => Task.Run(() => AppendAsync([.. Enumerable.Range(0, 10).Select(j => Event(10 * i + j))]))));
        Assert.Equal(400, (await Windows.FindAsync("u1", Token))!.Window.Events.Count);
    }

    private async Task<IEnumerable<string>> IdsAsync() => (await Windows.FindAsync("u1", Token))!.Window.Events.Select(e => e.EventId);

    private async Task AssertUnchangedAsync(StoredWindow before)
    {
        var after = (await Windows.FindAsync("u1", Token))!;
        Assert.Equal(before.Revision, after.Revision);
        Assert.Equal(WindowCodec.Encode(before.Window), WindowCodec.Encode(after.Window));
    }
}
