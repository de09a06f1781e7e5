using ProfileService.Intake;
using ProfileService.Windows;
using ProfileService.Windows.Codec;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Windows;

/// <summary>Whatever comes to two ids, and whenever their windows are merged: in the end it is as if all had come to one of them.</summary>
public abstract class WindowMoverContract : StoreContract
{
    private const int Histories = 60;

    [Fact]
    public async Task WindowOfBothIsThatOfAllEventsSentToOne()
    {
        for (var seed = 0; seed < Histories; seed++)
        {
            var history = new History(new Random(seed), $"p{seed}", $"a{seed}");
            await PlayAsync(history);
            Assert.Equal((seed, history.Digest(Settings)), (seed, await DigestAsync(history.Person)));
            Assert.Null(await AliasWindows.FindAsync(history.Alias, Token));
        }
    }

    [Fact]
    public async Task NothingThatComesBesideTheMoveIsLost()
    {
        for (var seed = 0; seed < Histories / 3; seed++)
        {
            var history = new History(new Random(seed), $"p{seed}", $"a{seed}");
            var batches = history.Batches().ToList();
            using var ended = new CancellationTokenSource();
            var moving = Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
            {
                while (!ended.IsCancellationRequested)
                    await MoveAsync(history.Alias, history.Person);
            })));
            await Parallel.ForEachAsync(batches, Token, async (batch, token) => await Windows.AppendAsync(batch, token));
            await ended.CancelAsync();
            await moving;
            await MoveAsync(history.Alias, history.Person);
            Assert.Equal((seed, history.Digest(Settings)), (seed, await DigestAsync(history.Person)));
        }
    }

    [Fact]
    public async Task MoveThatWasCutOffIsDoneAgain()
    {
        await AppendAsync(Event(1, "person"), Event(2, "alias"), Event(3, "alias", id: "x"));
        var found = (await AliasWindows.FindAsync("alias", Token))!;
        await AppendAsync([.. found.Stored.Window.Events.Select(e => e with { UserId = "person" })]); // the first step, and no more
        Assert.Equal(0, await MoveAsync("alias", "person"));
        Assert.Equal(3, (await Windows.FindAsync("person", Token))!.Window.Events.Count);
        Assert.Null(await Windows.FindAsync("alias", Token));
        Assert.Equal(0, await MoveAsync("alias", "person"));
    }

    [Fact]
    public async Task WindowThatChangedSinceItWasReadIsNotDropped()
    {
        await AppendAsync(Event(1, "alias"));
        var found = (await AliasWindows.FindAsync("alias", Token))!;
        await AppendAsync(Event(2, "alias"));
        Assert.False(await AliasWindows.DropAsync("alias", found, Token));
        Assert.Equal(2, (await Windows.FindAsync("alias", Token))!.Window.Events.Count);
        Assert.True(await AliasWindows.DropAsync("alias", (await AliasWindows.FindAsync("alias", Token))!, Token));
        Assert.False(await AliasWindows.DropAsync("alias", found, Token));
    }

    [Fact]
    public async Task DueEntryAndClaimGoWithTheWindowAndThePersonIsDue()
    {
        await AppendAsync(Event(1, "alias"));
        Assert.Equal("alias", Assert.Single(await ClaimAsync()).UserId);
        await AppendAsync(Event(2, "alias"));
        await MoveAsync("alias", "person");
        Assert.Null(await Queue.FindAsync("alias", Token));
        Time.Advance(2 * Lease);
        Assert.Equal("person", Assert.Single(await ClaimAsync()).UserId);
    }

    [Fact]
    public async Task RevisionOfThePersonIsOneThatNeitherHad()
    {
        await AppendAsync(Event(1, "person"));
        await AppendAsync([.. Enumerable.Range(0, 50).Select(i => Event(i, "alias"))]);
        var before = (await Windows.FindRevisionsAsync(["person", "alias"], Token)).Max();
        await MoveAsync("alias", "person");
        Assert.True(await Windows.FindRevisionAsync("person", Token) > before);
    }

    [Fact]
    public async Task AliasThatIsKnownStandsForItsPersonInEveryCall()
    {
        Aliases.Take("alias", new UserAlias("person", 0));
        Assert.Equal(
            [Verdict.Accepted, Verdict.Accepted, Verdict.Duplicate],
            await AppendAsync(Event(1, "alias"), Event(2, "person"), Event(2, "alias")));
        Assert.Equal("person", (await Windows.FindAsync("alias", Token))!.Window.UserId);
        Assert.Equal(await Windows.FindRevisionAsync("person", Token), await Windows.FindRevisionAsync("alias", Token));
        await Windows.TouchAsync(["alias"], Token);
        Assert.False(await Windows.MendAsync("alias", [Event(3, "alias")], Token));
        Assert.Equal(3, (await Windows.FindAsync("person", Token))!.Window.Events.Count);
        Assert.Null(await AliasWindows.FindAsync("alias", Token));
        Assert.Equal("person", Assert.Single(await ClaimAsync()).UserId);
    }

    [Fact]
    public async Task EventsOfBeforeAnErasureOfTheAliasStayOut()
    {
        Aliases.Take("alias", new UserAlias("person", Event(2).Timestamp));
        Assert.Equal(
            [Verdict.Erased, Verdict.Accepted, Verdict.Accepted, Verdict.Erased],
            await AppendAsync(Event(1, "alias"), Event(1, "person"), Event(3, "alias"), Event(2, "alias")));
    }

    [Fact]
    public async Task EventsOfBeforeAnErasureOfThePersonStayOutToo()
    {
        await AppendAsync(Event(1, "alias"), Event(500, "alias"));
        await Eraser.EraseAsync("person", new(7), new ErasureMark(Event(100).Timestamp, 0, 0), [], Token);
        await MoveAsync("alias", "person");
        Assert.Equal(Event(500).Timestamp, Assert.Single((await Windows.FindAsync("person", Token))!.Window.Events).Timestamp);
    }

    [Fact]
    public async Task EventsOfBeforeAnErasureOfTheAliasAreNotMovedAlsoIfTheStoreLostItsMark()
    {
        await AppendAsync(Event(1, "alias"), Event(500, "alias"));
        Assert.Equal(1, await MoveAsync("alias", "person", erasedBefore: Event(100).Timestamp));
        Assert.Equal(Event(500).Timestamp, Assert.Single((await Windows.FindAsync("person", Token))!.Window.Events).Timestamp);
        Assert.Null(await AliasWindows.FindAsync("alias", Token));
    }

    /// <summary>It is erased and begins anew just when its window is to be read.</summary>
    [Fact]
    public async Task WhatComesToAnAliasAfterItsErasureIsNotMovedByWhoBeganBefore()
    {
        await AppendAsync(Event(1, "alias"));
        var found = new Queue<UserAlias?>([new UserAlias("person", 0), null, null]);
        Assert.Equal(0, await Mover.MoveAsync("alias", _ => Task.FromResult(found.Dequeue()), Token));
        Assert.Single((await Windows.FindAsync("alias", Token))!.Window.Events);
        Assert.Null(await Windows.FindAsync("person", Token));
    }

    [Fact]
    public async Task AliasWhosePersonIsMergedDuringTheMoveIsMovedToTheOther()
    {
        await AppendAsync(Event(1, "alias"));
        var asked = 0;
        await Mover.MoveAsync("alias", _ => Task.FromResult<UserAlias?>(new UserAlias(++asked < 3 ? "person" : "other", 0)), Token);
        Assert.Single((await Windows.FindAsync("other", Token))!.Window.Events);
        Assert.Null(await AliasWindows.FindAsync("alias", Token));
    }

    private async Task PlayAsync(History history)
    {
        foreach (var batch in history.Batches())
        {
            await Windows.AppendAsync(batch, Token);
            if (history.Random.Next(4) == 0)
                await MoveAsync(history.Alias, history.Person); // events that come to the alias afterwards are late ones
            if (history.Random.Next(12) == 0)
                Aliases.Take(history.Alias, new UserAlias(history.Person, 0));
        }

        await MoveAsync(history.Alias, history.Person);
    }

    private async Task<string?> DigestAsync(string userId) =>
        await Windows.FindAsync(userId, Token) is { } found ? WindowCodec.Digest(found.Window) : null;

    /// <summary>Events of a person and of an alias, with ties, repetitions and ids that both use.</summary>
    private sealed class History(Random random, string person, string alias)
    {
        private readonly List<WindowEvent> _events = [.. Enumerable.Range(0, random.Next(1, 40)).Select(_ => Event(
            random.Next(30) * (random.Next(8) == 0 ? 100_000 : 1),
            random.Next(2) == 0 ? person : alias,
            $"i{random.Next(3)}",
            random.Next(2) == 0 ? "view" : "wishlist",
            random.Next(3) == 0 ? $"e{random.Next(12)}" : null,
            value: random.Next(3)))];

        public Random Random => random;

        public string Person => person;

        public string Alias => alias;

        public IEnumerable<WindowEvent[]> Batches() =>
            _events.Concat(_events.Where(_ => random.Next(3) == 0)).ToList().Chunk(random.Next(1, 5));

        public string? Digest(WindowOptions options)
        {
            var window = Window.Empty(person);
            foreach (var e in _events)
                window.Append(e with { UserId = person }, options, out _);
            return WindowCodec.Digest(window);
        }
    }
}
