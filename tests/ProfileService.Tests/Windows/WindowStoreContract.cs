using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using ProfileService.Intake;
using ProfileService.Windows;
using ProfileService.Windows.Codec;
using static ProfileService.Tests.TestEvents;

namespace ProfileService.Tests.Windows;

/// <summary>What every window store must do; each store inherits it.</summary>
public abstract class WindowStoreContract : IDisposable
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
    private readonly Lazy<IWindowStore> _store;

    protected WindowStoreContract() => _store = new(() => CreateStore(Options.Create(Settings), Time));

    private protected FakeTimeProvider Time { get; } = new(Start);

    private protected WindowOptions Settings { get; } = new() { MaxEvents = 5, MaxAge = TimeSpan.FromDays(10), IdleTtl = TimeSpan.FromDays(20) };

    private IWindowStore Store => _store.Value;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected abstract IWindowStore CreateStore(IOptions<WindowOptions> options, TimeProvider time);

    [Fact]
    public async Task UnknownUserHasNoWindow()
    {
        Assert.Null(await Store.FindAsync("nobody", Token));
        Assert.Equal([null], await Store.FindRevisionsAsync(["nobody"], Token));
        Assert.True(await Store.IsEmptyAsync(Token));
    }

    [Fact]
    public async Task AppendedEventIsFoundAsItWas()
    {
        var e = new UserEvent("u1", "review", "sku-ä", 1_700_000_000_123_456, "e-1", ["shoes", "red"], 59.9, "fits well");
        Assert.Equal([Verdict.Accepted], await AppendAsync(e));

        var found = Assert.Single((await Store.FindAsync("u1", Token))!.Window.Events);
        Assert.Equal((e.EventId, e.UserId, e.Kind, e.ItemId, e.Timestamp, e.Value, e.Text), (found.EventId, found.UserId, found.Kind, found.ItemId, found.Timestamp, found.Value, found.Text));
        Assert.Equal(e.Categories, found.Categories);
        Assert.False(await Store.IsEmptyAsync(Token));
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
        var before = await Store.FindAsync("u1", Token);
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
        var before = await Store.FindAsync("u1", Token);
        Assert.Equal([Verdict.Duplicate, Verdict.Duplicate, Verdict.Duplicate], await AppendAsync(Event(1, id: "given"), Event(2), Event(2)));
        await AssertUnchangedAsync(before!);
    }

    [Fact]
    public async Task DerivedIdIsTheEventsId()
    {
        await AppendAsync(Event(2));
        Assert.Equal([Verdict.Duplicate], await AppendAsync(Event(2, id: Event(2).EventId)));
        Assert.Equal([Verdict.Accepted, Verdict.Accepted, Verdict.Accepted], await AppendAsync(Event(3), Event(2, item: "other"), Event(2, kind: "cart")));
    }

    [Fact]
    public async Task OfTwoEventsWithOneIdTheGreaterStandsInEitherOrder()
    {
        Assert.Equal([Verdict.Accepted, Verdict.Duplicate], await AppendAsync(Event(1, user: "a", id: "x", item: "p"), Event(2, user: "a", id: "x", item: "q")));
        Assert.Equal([Verdict.Accepted, Verdict.Duplicate], await AppendAsync(Event(2, user: "b", id: "x", item: "q"), Event(1, user: "b", id: "x", item: "p")));
        Assert.Equal("q", Assert.Single((await Store.FindAsync("a", Token))!.Window.Events).ItemId);
        Assert.Equal("q", Assert.Single((await Store.FindAsync("b", Token))!.Window.Events).ItemId);
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
        Assert.Equal([Verdict.Accepted, Verdict.Accepted, Verdict.Accepted], await AppendAsync(Event(1, user: "a", id: "x"), Event(1, user: "b", id: "x"), Event(2, user: "a")));
        Assert.Equal(2, (await Store.FindAsync("a", Token))!.Window.Events.Count);
        Assert.Single((await Store.FindAsync("b", Token))!.Window.Events);
    }

    [Fact]
    public async Task EveryChangeRaisesTheRevisionByOne()
    {
        await AppendAsync(Event(1));
        var first = await RevisionAsync();
        await AppendAsync(Event(2), Event(3), Event(3));
        Assert.Equal(first + 2, await RevisionAsync());
        Assert.Equal([first + 2, null], await Store.FindRevisionsAsync(["u1", "nobody"], Token));
        Assert.Equal([], await Store.FindRevisionsAsync([], Token));
        Assert.Equal(first + 2, await Store.FindRevisionAsync("u1", Token));
        Assert.Null(await Store.FindRevisionAsync("nobody", Token));
    }

    [Fact]
    public async Task WindowBegunAnewNeverRepeatsARevision()
    {
        await AppendAsync(Event(1), Event(2), Event(3));
        var before = await RevisionAsync();
        Time.Advance(Settings.IdleTtl);
        Assert.Equal(1, await Store.DropIdleAsync(Token));
        Assert.Null(await Store.FindAsync("u1", Token));
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
        Assert.Equal(1, await Store.DropIdleAsync(Token));
        Assert.NotNull(await Store.FindAsync("busy", Token));
        Assert.Equal(["busy"], (await ClaimAsync()).Select(c => c.UserId));
    }

    [Fact]
    public async Task ManyEventsOfAUserAreOneClaim()
    {
        await AppendAsync(Event(1), Event(2));
        await AppendAsync(Event(3));
        var claim = Assert.Single(await ClaimAsync());
        Assert.Equal("u1", claim.UserId);
        Assert.Equal(await RevisionAsync(), claim.Revision);
        Assert.Equal(Start, claim.DueSince);
        Assert.Equal(3, WindowCodec.Decode("u1", claim.Bytes).Events.Count);
    }

    [Fact]
    public async Task DuplicateAndLateEventsMakeNobodyDue()
    {
        await AppendAsync(Event(1));
        await Store.SettleAsync(await ClaimAsync(), Token);
        await AppendAsync(Event(1), Event(-Settings.MaxAge.TotalSeconds));
        Assert.Empty(await ClaimAsync());
    }

    [Fact]
    public async Task ClaimedUserIsNotClaimedTwice()
    {
        await AppendAsync(Event(1));
        Assert.Single(await ClaimAsync());
        Assert.Empty(await ClaimAsync());
        Assert.Null(await Store.ClaimAsync("u1", Lease, Token));
        Assert.Equal(1, await Store.CountDueAsync(Token));
    }

    [Fact]
    public async Task OneUserCanBeClaimedByName()
    {
        await AppendAsync(Event(1, user: "a"), Event(1, user: "b"));
        Assert.Equal("b", (await Store.ClaimAsync("b", Lease, Token))!.UserId);
        Assert.Null(await Store.ClaimAsync("nobody", Lease, Token));
        Assert.Equal(["a"], (await ClaimAsync()).Select(c => c.UserId));
    }

    [Fact]
    public async Task SettledUserIsDueNoMore()
    {
        await AppendAsync(Event(1));
        await Store.SettleAsync(await ClaimAsync(), Token);
        Time.Advance(Lease * 2);
        Assert.Empty(await ClaimAsync());
        Assert.Equal(0, await Store.CountDueAsync(Token));
    }

    [Fact]
    public async Task UserThatChangedWhileClaimedStaysDue()
    {
        await AppendAsync(Event(1));
        var claims = await ClaimAsync();
        Time.Advance(TimeSpan.FromSeconds(1));
        await AppendAsync(Event(2));
        await Store.SettleAsync(claims, Token);
        var again = Assert.Single(await ClaimAsync());
        Assert.Equal(claims[0].Revision + 1, again.Revision);
        Assert.Equal(Start.AddSeconds(1), again.DueSince);
    }

    [Fact]
    public async Task WorkerThatDiesGivesItsUsersBackAfterTheLease()
    {
        await AppendAsync(Event(1));
        await ClaimAsync();
        Time.Advance(Lease - TimeSpan.FromMilliseconds(1));
        Assert.Empty(await ClaimAsync());
        Time.Advance(TimeSpan.FromMilliseconds(1));
        var again = Assert.Single(await ClaimAsync());
        Assert.Equal(Start, again.DueSince);
    }

    /// <summary>A process dies while its clock is an hour ahead: the next one does not wait for an hour.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task LeaseOfAClockThatWasAheadKeepsNobodyWaiting(bool isOfOneUser)
    {
        await AppendAsync(Event(1), Event(1, user: "u2"));
        var clock = Time.GetUtcNow();
        Time.AdjustTime(clock + TimeSpan.FromHours(1));
        Assert.Equal(2, (await ClaimAsync()).Count);
        Time.AdjustTime(clock + TimeSpan.FromHours(1) - TimeSpan.FromSeconds(59)); // as far as clocks may be apart
        Assert.Empty(await ClaimAsync());
        Assert.Null(await Store.ClaimAsync("u1", Lease, Token));

        Time.AdjustTime(clock);
        var again = isOfOneUser
            ? [(await Store.ClaimAsync("u1", Lease, Token))!, (await Store.ClaimAsync("u2", Lease, Token))!]
            : await ClaimAsync();
        Assert.Equal(["u1", "u2"], again.Select(c => c.UserId).Order());
        Assert.All(again, claim => Assert.Equal(Start, claim.DueSince));
        await Store.SettleAsync(again, Token);
        Assert.Equal(0, await Store.CountDueAsync(Token));
    }

    [Fact]
    public async Task SettlingAfterTheLeaseWentToAnotherLeavesTheOthersClaim()
    {
        await AppendAsync(Event(1));
        var stalled = await ClaimAsync();
        Time.Advance(Lease);
        var taken = await ClaimAsync();
        await Store.SettleAsync(stalled, Token);
        Assert.Equal(1, await Store.CountDueAsync(Token));
        Assert.Empty(await ClaimAsync());
        await Store.SettleAsync(taken, Token);
        Assert.Equal(0, await Store.CountDueAsync(Token));
    }

    [Fact]
    public async Task ReleasedUserIsDueAtOnceSinceItsFirstChange()
    {
        await AppendAsync(Event(1));
        var claims = await ClaimAsync();
        Time.Advance(TimeSpan.FromSeconds(1));
        await AppendAsync(Event(2));
        await Store.ReleaseAsync(claims, Token);
        Assert.Equal(Start, Assert.Single(await ClaimAsync()).DueSince);
    }

    [Fact]
    public async Task LongestDueIsClaimedFirst()
    {
        foreach (var user in (string[])["c", "a", "b"])
        {
            await AppendAsync(Event(1, user: user));
            Time.Advance(TimeSpan.FromMilliseconds(10));
        }

        Assert.Equal(["c", "a"], (await Store.ClaimDueAsync(2, Lease, Token)).Select(c => c.UserId));
        Assert.Equal(["b"], (await ClaimAsync()).Select(c => c.UserId));
    }

    [Fact]
    public async Task WindowBelowItsUsersProfileIsRaisedAboveItAndItsUserIsDue()
    {
        await AppendAsync(Event(1, user: "behind"), Event(1, user: "ahead"));
        var behind = (await Store.FindAsync("behind", Token))!;
        var ahead = (await Store.FindAsync("ahead", Token))!;
        await Store.SettleAsync(await ClaimAsync(), Token);
        await Store.RaiseAsync([("behind", behind.Revision + 5), ("ahead", ahead.Revision), ("nobody", 7)], Token);

        var raised = (await Store.FindAsync("behind", Token))!;
        Assert.Equal(behind.Revision + 6, raised.Revision);
        Assert.Equal(WindowCodec.Encode(behind.Window), WindowCodec.Encode(raised.Window));
        Assert.Equal(ahead.Revision, (await Store.FindAsync("ahead", Token))!.Revision);
        Assert.Null(await Store.FindAsync("nobody", Token));
        Assert.Equal(["behind"], (await ClaimAsync()).Select(c => c.UserId));
    }

    [Fact]
    public async Task MarkedUsersAreDueIfTheyHaveAWindow()
    {
        await AppendAsync(Event(1, user: "a"), Event(1, user: "b"));
        await Store.SettleAsync(await ClaimAsync(), Token);
        await Store.MarkDueAsync(["a", "nobody"], Token);
        Assert.Equal(["a"], (await ClaimAsync()).Select(c => c.UserId));
    }

    [Fact]
    public async Task MarkingAllMakesEveryUserDueOnce()
    {
        await AppendAsync(Event(1, user: "a"), Event(1, user: "b"));
        await Store.SettleAsync(await ClaimAsync(), Token);
        await Store.MarkAllDueAsync(Token);
        await Store.MarkAllDueAsync(Token);
        Assert.Equal(["a", "b"], (await ClaimAsync()).Select(c => c.UserId).Order());
    }

    [Fact]
    public async Task TouchRaisesTheRevisionAndMakesDueWithoutChangingTheWindow()
    {
        await AppendAsync(Event(1), Event(2));
        await Store.SettleAsync(await ClaimAsync(), Token);
        var before = (await Store.FindAsync("u1", Token))!;
        await Store.TouchAsync(["u1"], Token);
        var claim = Assert.Single(await ClaimAsync());
        Assert.Equal(before.Revision + 1, claim.Revision);
        Assert.Equal(WindowCodec.Encode(before.Window), claim.Bytes);
        await Store.TouchAsync(["u1"], Token);
        await Store.SettleAsync([claim], Token);
        Assert.Equal(before.Revision + 2, Assert.Single(await ClaimAsync()).Revision);
    }

    [Fact]
    public async Task TouchedUserWithoutWindowGetsAnEmptyOneThatEventsGoInto()
    {
        await Store.TouchAsync(["u1", "u2"], Token);
        Assert.Equal(["u1", "u2"], (await ClaimAsync()).Select(c => c.UserId).Order());
        var empty = (await Store.FindAsync("u1", Token))!;
        Assert.Empty(empty.Window.Events);

        Assert.Equal([Verdict.Accepted, Verdict.Accepted], await AppendAsync(Event(2), Event(1)));
        Assert.Equal([Verdict.Accepted], await AppendAsync(Event(3)));
        var after = (await Store.FindAsync("u1", Token))!;
        Assert.Equal(empty.Revision + 3, after.Revision);

        await AppendAsync(Event(1, user: "other"), Event(2, user: "other"), Event(3, user: "other"));
        Assert.Equal((await Store.FindAsync("other", Token))!.Window.Events.Select(e => e.Timestamp), after.Window.Events.Select(e => e.Timestamp));
        await Store.TouchAsync(["u1"], Token);
        Assert.Equal([Verdict.Duplicate, Verdict.Accepted], await AppendAsync(Event(3), Event(4)));
        Assert.Equal(after.Revision + 2, (await Store.FindAsync("u1", Token))!.Revision);
    }

    [Fact]
    public async Task ParallelAppendsLoseNothing()
    {
        Settings.MaxEvents = 1_000;
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(() => AppendAsync([.. Enumerable.Range(0, 10).Select(j => Event(10 * i + j))]))));
        Assert.Equal(400, (await Store.FindAsync("u1", Token))!.Window.Events.Count);
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing) => (Store as IDisposable)?.Dispose();

    private Task<IReadOnlyList<Verdict>> AppendAsync(params UserEvent[] events) => Store.AppendAsync(events, Token);

    private Task<IReadOnlyList<Claim>> ClaimAsync() => Store.ClaimDueAsync(100, Lease, Token);

    private async Task<long> RevisionAsync() => (await Store.FindAsync("u1", Token))!.Revision;

    private async Task<IEnumerable<string>> IdsAsync() => (await Store.FindAsync("u1", Token))!.Window.Events.Select(e => e.EventId);

    private async Task AssertUnchangedAsync(StoredWindow before)
    {
        var after = (await Store.FindAsync("u1", Token))!;
        Assert.Equal(before.Revision, after.Revision);
        Assert.Equal(WindowCodec.Encode(before.Window), WindowCodec.Encode(after.Window));
    }
}
