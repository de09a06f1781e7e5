using ProfileService.Intake;
using ProfileService.Platform;
using ProfileService.Windows;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Windows;

/// <summary>What every store of windows must remember of the items that users met; each inherits it.</summary>
public abstract class SeenItemsContract : StoreContract
{
    private const int Histories = 40;

    private protected SeenItemsContract() => Settings.RememberSeen = true;

    [Fact]
    public async Task ItemsThatLeftTheWindowAreRemembered()
    {
        foreach (var batch in Enumerable.Range(0, 60).Chunk(7))
            await AppendAsync([.. batch.Select(i => Event(i, item: $"i{i}"))]);
        Assert.Equal(5, (await Windows.FindAsync("u1", Token))!.Window.Events.Count);
        await AssertSeenAsync("u1", Enumerable.Range(0, 60).Select(i => $"i{i}"));
        Assert.Null(await Windows.FindSeenAsync("u2", Token));
    }

    [Fact]
    public async Task WhatIsRememberedDependsOnTheSetOfEventsAlone()
    {
        for (var seed = 0; seed < Histories; seed++)
        {
            var (random, user) = (new Random(seed), $"u{seed}");
            var events = Enumerable.Range(0, random.Next(1, 60)).Select(_ => DrawEvent(random, user)).ToList();
            var sent = events.Concat(events.Where(_ => random.Next(4) == 0)).ToArray();
            random.Shuffle(sent);
            foreach (var batch in sent.Chunk(random.Next(1, 6)))
                await Windows.AppendAsync(batch, Token);
            await AssertSeenAsync(user, events.Select(e => e.ItemId), $"seed {seed}");
        }
    }

    [Fact]
    public async Task ManyItemsOfOneAppendAreAllRemembered()
    {
        await AppendAsync(Event(-1, item: "first"));
        string[] items = [.. Enumerable.Range(0, 1_000).Select(i => $"item-{i}")];
        await AppendAsync([.. items.Select((item, i) => Event(i, item: item))]);
        await AssertSeenAsync("u1", [.. items, "first"]);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 1)]
    [InlineData(1, 1)]
    public async Task EventsOfOneIdCountWhicheverOfThemStands(int first, int second)
    {
        Assert.Equal(
            [Verdict.Accepted, Verdict.Duplicate],
            await AppendAsync(Event(first, item: "a", id: "x"), Event(second, item: "b", id: "x")));
        await AssertSeenAsync("u1", ["a", "b"]);
    }

    [Fact]
    public async Task EventOfBeforeAnErasureIsNotMetBesideOneOfItsIdThatIsOfAfter()
    {
        await AppendAsync(Event(1, item: "a"));
        await Eraser.EraseAsync("u1", new(7), default, [], Token);
        Assert.Equal(
            [Verdict.Accepted, Verdict.Erased],
            await AppendAsync(Event(2, item: "b", id: "x"), Event(1, item: "c", id: "x")));
        await AssertSeenAsync("u1", ["b"]);
    }

    [Fact]
    public async Task LateEventsCountAndChangeNothingElse()
    {
        await AppendAsync([.. Enumerable.Range(1, 5).Select(i => Event(i, item: $"i{i}"))]);
        var before = await RevisionAsync();
        Assert.Equal([Verdict.Late], await AppendAsync(Event(0, item: "late")));
        Assert.Equal(before, await RevisionAsync());
        await AssertSeenAsync("u1", ["i1", "i2", "i3", "i4", "i5", "late"]);
    }

    [Fact]
    public async Task WindowOfBeforeItWasRememberedIsTakenOver()
    {
        Settings.RememberSeen = false;
        await AppendAsync([.. Enumerable.Range(0, 7).Select(i => Event(i, item: $"i{i}"))]);
        await AppendAsync(Event(0, user: "u2", item: "old"), Event(1, user: "u2", item: "new"));
        Assert.Null(await Windows.FindSeenAsync("u1", Token));
        Settings.RememberSeen = true;
        await AppendAsync(Event(10, item: "i10"), Event(11, item: "i10"));
        await AssertSeenAsync("u1", ["i2", "i3", "i4", "i5", "i6", "i10"]);
        Assert.Equal([Verdict.Late], await AppendAsync(Event(-1_000_000, user: "u2", item: "late")));
        await AssertSeenAsync("u2", ["old", "new", "late"]);
    }

    [Fact]
    public async Task ItIsDroppedWithTheIdleWindowAndBeginsAnewWithTheNextOne()
    {
        await AppendAsync(Event(0, item: "a"));
        Time.Advance(Settings.IdleTtl);
        Assert.Equal(1, await Windows.DropIdleAsync(Token));
        Assert.Null(await Windows.FindSeenAsync("u1", Token));
        await AppendAsync(Event(1, item: "b"));
        await AssertSeenAsync("u1", ["b"]);
    }

    [Fact]
    public async Task ErasedUserIsForgottenAndWhatIsOfBeforeDoesNotComeBack()
    {
        await AppendAsync(Event(0, item: "a"), Event(1, item: "b"));
        await Eraser.EraseAsync("u1", new(7), default, [], Token);
        Assert.Null(await Windows.FindSeenAsync("u1", Token));
        Assert.Equal([Verdict.Erased], await AppendAsync(Event(0, item: "a")));
        Assert.Null(await Windows.FindSeenAsync("u1", Token));
        Assert.Equal([Verdict.Erased, Verdict.Accepted], await AppendAsync(Event(1, item: "b"), Event(2, item: "c")));
        await AssertSeenAsync("u1", ["c"]);
    }

    [Fact]
    public async Task ErasureWinsOverLateEventsBesideIt()
    {
        for (var round = 0; round < 20; round++)
        {
            var user = $"r{round}";
            await AppendAsync([.. Enumerable.Range(-9, 5).Select(i => Event(i, user))]);
            var late = Enumerable.Range(0, 12).Select(i =>
                Task.Run(() => Windows.AppendAsync([Event(-100 - i, user, $"late-{i}"), Event(-100 - i, "other", $"late-{i}")], Token)));
            await Task.WhenAll([.. late, Task.Run(() => Eraser.EraseAsync(user, new(7), default, [], Token))]);
            Assert.Null(await Windows.FindSeenAsync(user, Token));
        }

        await AssertSeenAsync("other", Enumerable.Range(0, 12).Select(i => $"late-{i}"));
    }

    [Fact]
    public async Task ChangesWithoutEventsKeepIt()
    {
        await Windows.TouchAsync(["u1"], Token);
        Assert.Null(await Windows.FindSeenAsync("u1", Token));
        await AppendAsync(Event(0, item: "a"));
        await Windows.TouchAsync(["u1"], Token);
        await Queue.RaiseRevisionsAsync([("u1", 1L << 45)], Token);
        Assert.False(await Windows.MendAsync("u1", [Event(1, item: "b")], Token));
        await AssertSeenAsync("u1", ["a", "b"]);
    }

    [Fact]
    public async Task MergedPersonHasWhatBothMet()
    {
        for (var i = 0; i < 20; i++)
            await AppendAsync(Event(i, "person", $"p{i}"), Event(i, "alias", $"a{i}"));
        await MoveAsync("alias", "person");
        await AssertSeenAsync("person", Enumerable.Range(0, 20).SelectMany(i => (string[])[$"p{i}", $"a{i}"]));
        Assert.Null(await AliasWindows.FindSeenAsync("alias", Token));
        await MoveAsync("alias", "person");

        await AppendAsync(Event(100, "other", "o"));
        await MoveAsync("other", "new person");
        await AssertSeenAsync("new person", ["o"]);
    }

    [Fact]
    public async Task MergeOfOneIdWhoseEventsWereNotRememberedKeepsTheOthers()
    {
        Settings.RememberSeen = false;
        await AppendAsync(Event(0, "person", "p"));
        Settings.RememberSeen = true;
        for (var i = 0; i < 9; i++)
            await AppendAsync(Event(-i, "alias", $"a{i}"));
        await MoveAsync("alias", "person");
        await AssertSeenAsync("person", ["p", .. Enumerable.Range(0, 9).Select(i => $"a{i}")]);
    }

    [Fact]
    public async Task LateEventBesideAMoveIsNotLost()
    {
        await AppendAsync([.. Enumerable.Range(0, 5).Select(i => Event(i, "alias", $"i{i}"))]);
        var found = (await AliasWindows.FindAsync("alias", Token))!;
        Assert.Equal([Verdict.Late], await AppendAsync(Event(-1, "alias", "late")));
        Assert.False(await AliasWindows.DropAsync("alias", found, Token));
        Assert.True(await AliasWindows.DropAsync("alias", (await AliasWindows.FindAsync("alias", Token))!, Token));
        Assert.Null(await AliasWindows.FindSeenAsync("alias", Token));
    }

    [Fact]
    public async Task NothingIsAddedThatWasReadBeforeAnErasureOfThePerson()
    {
        await AppendAsync(Event(0, "alias", "a"));
        var (mark, found) = (await Marks.FindAsync("person", Token), (await AliasWindows.FindAsync("alias", Token))!);
        await Eraser.EraseAsync("person", new(7), default, [], Token);
        await AppendAsync(Event(1_000, "person", "p"));
        Assert.False(await AliasWindows.AddSeenAsync("person", found.Seen!, mark, Token));
        await AssertSeenAsync("person", ["p"]);
        Assert.True(await AliasWindows.AddSeenAsync("person", found.Seen!, await Marks.FindAsync("person", Token), Token));
        await AssertSeenAsync("person", ["a", "p"]);
    }

    [Fact]
    public async Task WhatTheAliasMetBeforeAnErasureOfThePersonStaysOut()
    {
        await AppendAsync(Event(1, "alias", "before"), Event(500, "alias", "after"));
        await Eraser.EraseAsync("person", new(7), new ErasureMark(Event(100).Timestamp, 0, 0), [], Token);
        await MoveAsync("alias", "person");
        await AssertSeenAsync("person", ["after"]);
    }

    [Fact]
    public async Task AliasThatWasErasedWithThePersonBringsAllThatItMetAfterwards()
    {
        await Eraser.EraseAsync("person", new(7), new ErasureMark(Event(100).Timestamp, 0, 0), [], Token);
        await Eraser.EraseAsync("alias", new(7), new ErasureMark(Event(100).Timestamp, 0, 0), [], Token);
        await AppendAsync([.. Enumerable.Range(500, 9).Select(i => Event(i, "alias", $"i{i}"))]);
        await MoveAsync("alias", "person");
        await AssertSeenAsync("person", Enumerable.Range(500, 9).Select(i => $"i{i}"));
    }

    /// <summary>The store lost the mark, and brought back what the alias met before its erasure; or the mark was just restored.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WhatTheAliasMetBeforeItsErasureStaysOutAlsoIfTheStoreLostItsMark(bool isRestored)
    {
        await AppendAsync(Event(1, "alias", "before"), Event(500, "alias", "after"));
        var (partition, partitions) = Marks.PlaceOf("alias");
        var mark = new ErasureMark(Event(100).Timestamp, 0, 7);
        if (isRestored)
            await Marks.RestoreAsync([new LedgerMark(HashOf("alias"), partition, partitions, mark)], Token);
        await MoveAsync("alias", "person", mark.ErasedBefore);
        await AssertSeenAsync("person", ["after"]);
    }

    [Fact]
    public async Task KnownAliasHasWhatThePersonMet()
    {
        Aliases.Take("alias", new UserAlias("person", 0));
        await AppendAsync(Event(0, "alias", "a"), Event(1, "person", "b"));
        await AssertSeenAsync("alias", ["a", "b"]);
    }

    [Fact]
    public async Task WhatIsMetBesideOtherAppendsIsNotLost()
    {
        string[] items = [.. Enumerable.Range(0, 120).Select(i => $"i{i}")];
        await Parallel.ForEachAsync(items.Index(), Token, async (item, token) =>
            await Windows.AppendAsync([Event(item.Index, item: item.Item)], token));
        await AssertSeenAsync("u1", items);
    }

    private static string HashOf(string userId)
    {
        var hashes = new UserHash();
        hashes.Use(new byte[UserHash.KeyBytes]); // as the stores of the tests
        return hashes.Of(userId);
    }

    private protected async Task AssertSeenAsync(string user, IEnumerable<string> items, string? because = null)
    {
        var found = await Windows.FindSeenAsync(user, Token);
        Assert.NotNull(found);
        Assert.Equal((because, Convert.ToHexString(SeenItems.Of(items).Filter.Span)), (because, Convert.ToHexString(found.Filter.Span)));
    }

    // Times that tie or come before, ids that several events have, also such as look derived.
    private static WindowEvent DrawEvent(Random random, string user) => Event(
        random.Next(40) * (random.Next(8) == 0 ? 100_000 : 1),
        user,
        $"i{random.Next(30)}",
        random.Next(2) == 0 ? "view" : "cart",
        random.Next(12) switch { 0 => "d-0123456789abcdef", < 4 => $"e{random.Next(9)}", _ => null });
}
