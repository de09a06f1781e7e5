using ProfileService.Intake;
using ProfileService.Platform;
using ProfileService.Windows;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Windows;

/// <summary>What every store of windows must do with an erased user; each inherits it.</summary>
public abstract class WindowEraserContract : StoreContract
{
    private const long Order = 7;

    [Fact]
    public async Task ErasedUserHasNeitherWindowNorClaim()
    {
        await AppendAsync(Event(1), Event(2), Event(1, user: "u2"));
        await ClaimAsync();
        await AppendAsync(Event(3));
        var erased = await Eraser.EraseAsync("u1", new(Order), default, [], Token);
        Assert.Equal((1, 3), (erased.Windows, erased.Events));
        Assert.Null(await Windows.FindAsync("u1", Token));
        Assert.NotNull(await Windows.FindAsync("u2", Token));
        Time.Advance(2 * Lease);
        Assert.Equal(["u2"], (await ClaimAsync()).Select(c => c.UserId));
    }

    [Fact]
    public async Task MarkIsFoundByTheUser()
    {
        Assert.Null(await Marks.FindAsync("u1", Token));
        await AppendAsync(Event(1));
        var erased = await Eraser.EraseAsync("u1", new(Order), default, [], Token);
        Assert.Equal(erased.Mark, await Marks.FindAsync("u1", Token));
        Assert.Null(await Marks.FindAsync("u2", Token));
    }

    [Fact]
    public async Task NoRevisionOfBeforeComesAgainWhateverBeginsTheWindowAnew()
    {
        await AppendAsync([.. Enumerable.Range(0, 5).Select(i => Event(i))]);
        var before = await RevisionAsync();
        var mark = (await Eraser.EraseAsync("u1", new(Order), new ErasureMark(0, before + 1_000_000, 0), [], Token)).Mark;
        Assert.True(mark.Floor >= before + 1_000_000);
        Assert.Equal([Verdict.Accepted], await AppendAsync(Event(10)));
        Assert.Equal(mark.Floor + 1, await RevisionAsync());

        mark = (await Eraser.EraseAsync("u1", new(Order + 1), default, [], Token)).Mark;
        await Windows.TouchAsync(["u1"], Token);
        Assert.Equal(mark.Floor + 1, await RevisionAsync());

        mark = (await Eraser.EraseAsync("u1", new(Order + 2), default, [], Token)).Mark;
        await AppendAsync(Event(31, id: "d-0123456789abcdef"), Event(30)); // ids like that are judged by the rules, not by the script
        Assert.Equal(mark.Floor + 2, await RevisionAsync());
    }

    [Fact]
    public async Task EventsUpToTheNewestOfBeforeAreErasedAlsoBesideLaterOnes()
    {
        await AppendAsync(Event(0), Event(100)); // ahead of the clock
        var mark = (await Eraser.EraseAsync("u1", new(Order), default, [], Token)).Mark;
        Assert.Equal(Event(100).Timestamp, mark.ErasedBefore);
        Assert.Equal([Verdict.Erased], await AppendAsync(Event(100)));
        Assert.Equal([Verdict.Erased, Verdict.Accepted, Verdict.Erased, Verdict.Accepted], await AppendAsync(Event(50), Event(101), Event(100, id: "x"), Event(102)));
        Assert.Equal([Verdict.Erased], await AppendAsync(Event(99, id: "d-0123456789abcdef")));
        await AppendAsync([.. Enumerable.Range(103, 10).Select(i => Event(i))]); // until a full window's room is used up
        Assert.Equal([Verdict.Erased, Verdict.Late], await AppendAsync(Event(99), Event(101.5)));
        Assert.Equal(5, (await Windows.FindAsync("u1", Token))!.Window.Events.Count);
    }

    [Fact]
    public async Task DoingItAgainErasesNothingThatCameLater()
    {
        await AppendAsync(Event(0));
        var first = await Eraser.EraseAsync("u1", new(Order), default, [], Token);
        await AppendAsync(Event(10));
        var again = await Eraser.EraseAsync("u1", new(Order), default, [], Token);
        Assert.Equal((first.Mark, 0), (again.Mark, again.Windows));
        Assert.NotNull(await Windows.FindAsync("u1", Token));
        Assert.Equal(1, (await Eraser.EraseAsync("u1", new(Order + 1), default, [], Token)).Windows);
    }

    [Fact]
    public async Task DoingItAgainErasesNothingThatCameAfterAnotherErasureThatCameSince()
    {
        await AppendAsync(Event(0));
        var requested = EventTime.FromUtc(Time.GetUtcNow().UtcDateTime);
        await Eraser.EraseAsync("u1", new(Order), default, [], Token);
        var other = await Eraser.EraseAsync("u1", new(Order + 1), default, [], Token);
        await AppendAsync(Event(10));
        foreach (var order in (long[])[Order, Order + 1])
        {
            var again = await Eraser.EraseAsync("u1", new(order, requested), default, [], Token);
            Assert.Equal((other.Mark, 0), (again.Mark, again.Windows));
        }

        Assert.NotNull(await Windows.FindAsync("u1", Token));
        Assert.Equal(1, (await Eraser.EraseAsync("u1", new(Order), default, [], Token)).Windows); // not known to be done
    }

    [Fact]
    public async Task ErasureWhoseMarkTheStoreLostIsDoneAgain()
    {
        await AppendAsync(Event(0), Event(200)); // ahead of the clock, and so is the mark
        var former = await Eraser.EraseAsync("u1", new(Order + 1), default, [], Token);
        await AppendAsync(Event(300));
        Time.Advance(TimeSpan.FromSeconds(100));
        var requested = EventTime.FromUtc(Time.GetUtcNow().UtcDateTime);
        Assert.True(former.Mark.ErasedBefore > requested);
        Assert.Equal(1, (await Eraser.EraseAsync("u1", new(Order, requested), default, [], Token)).Windows);

        var (place, count) = Marks.PlaceOf("u2");
        var hash = new UserHash();
        hash.Use(new byte[UserHash.KeyBytes]);
        await AppendAsync(Event(0, user: "u2"));
        await Marks.RestoreAsync([new LedgerMark(hash.Of("u2"), place, count, former.Mark)], Token);
        Assert.Equal(1, (await Eraser.EraseAsync("u2", new(Order, 1), default, [], Token)).Windows);
    }

    [Fact]
    public async Task ErasureWinsOverAppendsBesideIt()
    {
        for (var round = 0; round < 30; round++)
        {
            var user = $"r{round}";
            var appends = Enumerable.Range(0, 20).Select(i => Task.Run(() => Windows.AppendAsync([Event(-i, user), Event(-i, $"s{round}")], Token))).ToList();
            var erasing = Task.Run(() => Eraser.EraseAsync(user, new(Order), default, [], Token));
            await Task.WhenAll([.. appends, erasing]);
            Assert.Null(await Windows.FindAsync(user, Token));
            Assert.Equal(5, (await Windows.FindAsync($"s{round}", Token))!.Window.Events.Count);
        }
    }

    [Fact]
    public async Task MarksThatAreMissingOrLowerAreRestoredAndOthersLeftAlone()
    {
        var (place, count) = Marks.PlaceOf("u1");
        var hash = new UserHash();
        hash.Use(new byte[UserHash.KeyBytes]);
        LedgerMark mark = new(hash.Of("u1"), place, count, new ErasureMark(Event(5).Timestamp, 1L << 45, Order));
        Assert.Equal([mark.UserHash], await Marks.RestoreAsync([mark], Token));
        Assert.Empty(await Marks.RestoreAsync([mark], Token));
        Assert.Empty(await Marks.RestoreAsync([mark with { Mark = mark.Mark with { Floor = 3 } }], Token));
        Assert.Equal([Verdict.Erased, Verdict.Accepted], await AppendAsync(Event(5), Event(6)));
        Assert.Equal((1L << 45) + 1, await RevisionAsync());
        var higher = mark with { Mark = mark.Mark with { Floor = 1L << 46 } };
        Assert.Single(await Marks.RestoreAsync([higher], Token));
        Assert.Equal([higher with { Mark = higher.Restored }], await ReadMarksAsync());
        await Marks.ConfirmAsync([mark], Token); // of another time
        Assert.Equal([higher with { Mark = higher.Restored }], await ReadMarksAsync());
        await Marks.ConfirmAsync([higher], Token);
        Assert.Equal([higher], await ReadMarksAsync());
        Assert.Empty(await Marks.RestoreAsync([higher], Token));
        var crossed = higher.Mark with { ErasedBefore = higher.Mark.ErasedBefore + 1, Floor = 3 };
        Assert.Single(await Marks.RestoreAsync([higher with { Mark = crossed }], Token));
        Assert.Equal([higher with { Mark = crossed with { Floor = 1L << 46, Order = ErasureMark.Unreviewed } }], await ReadMarksAsync());
    }

    private ValueTask<List<LedgerMark>> ReadMarksAsync() =>
        Marks.ReadAsync(Token).SelectMany(page => page).ToListAsync(Token);

    [Fact]
    public async Task MarkOfAnotherNumberOfPartitionsIsFoundToo()
    {
        var hash = new UserHash();
        hash.Use(new byte[UserHash.KeyBytes]);
        await Marks.RestoreAsync([new LedgerMark(hash.Of("u1"), 3, 7, new ErasureMark(Event(5).Timestamp, 1L << 45, Order))], Token);
        Assert.Equal([Verdict.Erased, Verdict.Accepted], await AppendAsync(Event(5), Event(6)));
    }

    [Fact]
    public async Task MarkReachesAsFarAsItIsAskedToAlsoInARepetition()
    {
        await AppendAsync(Event(1));
        var first = await Eraser.EraseAsync("u1", new(Order), default, [], Token);
        var far = Event(900).Timestamp;
        var second = await Eraser.EraseAsync("u1", new(Order), new ErasureMark(far, 0, 0), [], Token);
        Assert.Equal((far, Order, true), (second.Mark.ErasedBefore, second.Mark.Order, second.Mark.Floor >= first.Mark.Floor));
        Assert.Equal(second.Mark, (await Eraser.EraseAsync("u1", new(Order), new ErasureMark(far, 0, 0), [], Token)).Mark);
        Assert.Equal([Verdict.Erased, Verdict.Accepted], await AppendAsync(Event(900), Event(901)));
    }
}
