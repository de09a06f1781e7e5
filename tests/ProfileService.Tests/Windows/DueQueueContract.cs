using ProfileService.Windows;
using ProfileService.Windows.Codec;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Windows;

/// <summary>What every due queue must do; each inherits it.</summary>
public abstract class DueQueueContract : StoreContract
{
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
        await Queue.SettleAsync(await ClaimAsync(), Token);
        await AppendAsync(Event(1), Event(-Settings.MaxAge.TotalSeconds));
        Assert.Empty(await ClaimAsync());
    }

    [Fact]
    public async Task ClaimedUserIsNotClaimedTwice()
    {
        await AppendAsync(Event(1));
        Assert.Single(await ClaimAsync());
        Assert.Empty(await ClaimAsync());
        Assert.Null(await Queue.ClaimAsync("u1", Lease, Token));
        Assert.Equal(1, await Queue.CountDueAsync(Token));
    }

    [Fact]
    public async Task StateOfAUserSaysWhatTheQueueHas()
    {
        Assert.Null(await Queue.FindAsync("u1", Token));
        await AppendAsync(Event(1));
        Assert.Equal(new DueState(Start.UtcDateTime, null, null), await Queue.FindAsync("u1", Token));
        Assert.Single(await ClaimAsync());
        Assert.Equal(new DueState(null, Start.UtcDateTime, (Start + Lease).UtcDateTime), await Queue.FindAsync("u1", Token));
        Time.Advance(TimeSpan.FromSeconds(1));
        await AppendAsync(Event(2));
        var both = new DueState(Start.UtcDateTime.AddSeconds(1), Start.UtcDateTime, (Start + Lease).UtcDateTime);
        Assert.Equal(both, await Queue.FindAsync("u1", Token));
        Assert.Null(await Queue.FindAsync("u2", Token));
    }

    [Fact]
    public async Task OneUserCanBeClaimedByName()
    {
        await AppendAsync(Event(1, user: "a"), Event(1, user: "b"));
        Assert.Equal("b", (await Queue.ClaimAsync("b", Lease, Token))!.UserId);
        Assert.Null(await Queue.ClaimAsync("nobody", Lease, Token));
        Assert.Equal(["a"], (await ClaimAsync()).Select(c => c.UserId));
    }

    [Fact]
    public async Task SettledUserIsDueNoMore()
    {
        await AppendAsync(Event(1));
        await Queue.SettleAsync(await ClaimAsync(), Token);
        Time.Advance(Lease * 2);
        Assert.Empty(await ClaimAsync());
        Assert.Equal(0, await Queue.CountDueAsync(Token));
    }

    [Fact]
    public async Task UserThatChangedWhileClaimedStaysDue()
    {
        await AppendAsync(Event(1));
        var claims = await ClaimAsync();
        Time.Advance(TimeSpan.FromSeconds(1));
        await AppendAsync(Event(2));
        await Queue.SettleAsync(claims, Token);
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

    [Fact]
    public async Task RenewedClaimEndsALeaseLater()
    {
        await AppendAsync(Event(1), Event(1, user: "settled"), Event(1, user: "changed"));
        var claims = await ClaimAsync();
        await Queue.SettleAsync([.. claims.Where(c => c.UserId == "settled")], Token);
        await AppendAsync(Event(2, user: "changed"));
        Time.Advance(Lease / 2);
        await Queue.RenewAsync(claims, Lease, Token);
        Assert.Null(await Queue.FindAsync("settled", Token));
        Time.Advance(Lease - TimeSpan.FromMilliseconds(1));
        Assert.Empty(await ClaimAsync());
        await Queue.RenewAsync(claims, Lease, Token);
        await Queue.SettleAsync(claims, Token);
        Assert.Equal("changed", Assert.Single(await ClaimAsync()).UserId);
    }

    [Fact]
    public async Task RenewingAfterTheLeaseWentToAnotherLeavesTheOthersClaim()
    {
        await AppendAsync(Event(1));
        var stalled = await ClaimAsync();
        Time.Advance(Lease);
        Assert.Single(await ClaimAsync());
        Time.Advance(Lease / 2);
        await Queue.RenewAsync(stalled, Lease, Token);
        Time.Advance(Lease / 2);
        Assert.Single(await ClaimAsync());
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
        Assert.Null(await Queue.ClaimAsync("u1", Lease, Token));

        Time.AdjustTime(clock);
        var again = isOfOneUser
            ? [(await Queue.ClaimAsync("u1", Lease, Token))!, (await Queue.ClaimAsync("u2", Lease, Token))!]
            : await ClaimAsync();
        Assert.Equal(["u1", "u2"], again.Select(c => c.UserId).Order());
        Assert.All(again, claim => Assert.Equal(Start, claim.DueSince));
        await Queue.SettleAsync(again, Token);
        Assert.Equal(0, await Queue.CountDueAsync(Token));
    }

    [Fact]
    public async Task SettlingAfterTheLeaseWentToAnotherLeavesTheOthersClaim()
    {
        await AppendAsync(Event(1));
        var stalled = await ClaimAsync();
        Time.Advance(Lease);
        var taken = await ClaimAsync();
        await Queue.SettleAsync(stalled, Token);
        Assert.Equal(1, await Queue.CountDueAsync(Token));
        Assert.Empty(await ClaimAsync());
        await Queue.SettleAsync(taken, Token);
        Assert.Equal(0, await Queue.CountDueAsync(Token));
    }

    [Fact]
    public async Task ReleasedUserIsDueAtOnceSinceItsFirstChange()
    {
        await AppendAsync(Event(1));
        var claims = await ClaimAsync();
        Time.Advance(TimeSpan.FromSeconds(1));
        await AppendAsync(Event(2));
        await Queue.ReleaseAsync(claims, Lease, Token);
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

        Assert.Equal(["c", "a"], (await Queue.ClaimDueAsync(2, Lease, Token)).Select(c => c.UserId));
        Assert.Equal(["b"], (await ClaimAsync()).Select(c => c.UserId));
    }

    [Fact]
    public async Task WindowBelowItsUsersProfileIsRaisedAboveItAndItsUserIsDue()
    {
        await AppendAsync(Event(1, user: "behind"), Event(1, user: "ahead"));
        var behind = (await Windows.FindAsync("behind", Token))!;
        var ahead = (await Windows.FindAsync("ahead", Token))!;
        await Queue.SettleAsync(await ClaimAsync(), Token);
        await Queue.RaiseRevisionsAsync([("behind", behind.Revision + 5), ("ahead", ahead.Revision), ("nobody", 7)], Token);

        var raised = (await Windows.FindAsync("behind", Token))!;
        Assert.Equal(behind.Revision + 6, raised.Revision);
        Assert.Equal(WindowCodec.Encode(behind.Window), WindowCodec.Encode(raised.Window));
        Assert.Equal(ahead.Revision, (await Windows.FindAsync("ahead", Token))!.Revision);
        Assert.Null(await Windows.FindAsync("nobody", Token));
        Assert.Equal(["behind"], (await ClaimAsync()).Select(c => c.UserId));
    }

    [Fact]
    public async Task MarkedUsersAreDueIfTheyHaveAWindow()
    {
        await AppendAsync(Event(1, user: "a"), Event(1, user: "b"));
        await Queue.SettleAsync(await ClaimAsync(), Token);
        await Queue.MarkDueAsync(["a", "nobody"], Token);
        Assert.Equal(["a"], (await ClaimAsync()).Select(c => c.UserId));
    }

    [Fact]
    public async Task MarkingAllMakesEveryUserDueOnce()
    {
        await AppendAsync(Event(1, user: "a"), Event(1, user: "b"));
        await Queue.SettleAsync(await ClaimAsync(), Token);
        await Queue.MarkAllDueAsync(Token);
        await Queue.MarkAllDueAsync(Token);
        Assert.Equal(["a", "b"], (await ClaimAsync()).Select(c => c.UserId).Order());
    }
}
