using System.Text;
using ProfileService.Intake;
using ProfileService.Windows;
using ProfileService.Windows.Codec;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Windows;

/// <summary>What every store must do where old texts go out of its windows; each inherits it.</summary>
public abstract class TextRemovalContract : StoreContract
{
    private const string Secret = "secret-4c1d";

    [Fact]
    public async Task OldTextGoesAndAllElseStaysAsItWas()
    {
        await AppendAsync(Event(0, id: "old", category: "shoes", value: 4, text: Secret), Event(1), Event(100, text: "young"));
        await Queue.SettleAsync(await ClaimAsync(), Token);
        var before = (await Windows.FindAsync("u1", Token))!;
        Assert.True(await RemoveAsync("u1"));

        var after = (await Windows.FindAsync("u1", Token))!;
        Assert.Equal(before.Revision, after.Revision);
        Assert.Equal(Shown(before.Window.Events[0] with { Text = null, Removed = new RemovedText(0.5f) }), Shown(after.Window.Events[0]));
        Assert.Equal(before.Window.Events.Skip(1), after.Window.Events.Skip(1));
        Assert.Empty(await ClaimAsync());
        Assert.False(await RemoveAsync("u1"));
        Assert.False(await RemoveAsync("nobody"));
    }

    [Fact]
    public async Task NoStoredByteHasATextThatWentOrOneOfAnEventThatFellOut()
    {
        await AppendAsync([.. Enumerable.Range(0, 3).Select(i => Event(i, text: $"{Secret} {i}"))]);
        await AppendAsync([.. Enumerable.Range(3, 4).Select(i => Event(i, item: "x"))]); // some of those with a text fall out
        await AppendAsync(Event(1, user: "pushed", text: Secret));
        await AppendAsync([.. Enumerable.Range(2, 5).Select(i => Event(i, user: "pushed", item: "x"))]); // the one with a text fell out
        await RemoveAsync("u1");
        await RemoveAsync("pushed");
        await Eraser.PurgeAsync(Token);
        Assert.Contains("u1", Encoding.UTF8.GetString(await ReadAllAsync()), StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, Encoding.UTF8.GetString(await ReadAllAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task EventThatIsSentAgainIsADuplicateAndItsTextStaysAway()
    {
        WindowEvent[] events = [Event(0, id: "given", kind: "review", text: Secret), Event(1, text: Secret), Event(2, kind: "search", text: "")];
        await AppendAsync(events);
        await RemoveAsync("u1");
        var before = (await Windows.FindAsync("u1", Token))!;
        foreach (var again in (WindowEvent[][])[events, [events[2]], [events[0] with { Text = "another" }, events[1] with { Text = null }]])
            Assert.All(await AppendAsync(again), verdict => Assert.Equal(Verdict.Duplicate, verdict));
        var after = (await Windows.FindAsync("u1", Token))!;
        Assert.Equal(before.Revision, after.Revision);
        Assert.All(after.Window.Events, e => Assert.Equal((null, true), (e.Text, e.Removed is not null)));
    }

    [Fact]
    public async Task WindowTakesEventsAsBeforeAfterATextWent()
    {
        var rules = Window.Empty("u1");
        for (var i = 0; i < 60; i++)
        {
            var e = Event(i, id: i % 3 == 0 ? $"e{i}" : null, text: i % 4 == 0 ? $"text {i}" : null);
            Assert.Equal([Verdict.Accepted], await AppendAsync(e));
            rules.Append(e, Settings, out _);
            if (i % 7 == 0)
                rules = await RemoveAsync("u1") ? Old.Apply(rules)! : rules;
            Assert.Equal(WindowCodec.Encode(rules), WindowCodec.Encode((await Windows.FindAsync("u1", Token))!.Window));
        }

        await Windows.TouchAsync(["u1"], Token);
        Assert.Equal(rules.Events.Count, WindowCodec.CountEvents(Assert.Single(await ClaimAsync()).Bytes));
    }

    [Fact]
    public async Task EventWhoseTextWentBeforeItCameIsTaken()
    {
        var e = Event(0, text: Secret);
        var without = Old.Apply([e]);
        Assert.Equal([Verdict.Accepted], await AppendAsync([.. without]));
        Assert.Equal([Verdict.Duplicate, Verdict.Accepted], await AppendAsync(e, Event(1)));
        Assert.Equal(without[0], (await Windows.FindAsync("u1", Token))!.Window.Events[0]);
        Assert.Equal([Verdict.Accepted], await AppendAsync(Event(0, user: "other", text: Secret)));
        await AppendAsync(without[0] with { UserId = "other" }); // as a rebuild appends it to a window that still has the text
        Assert.Null(Assert.Single((await Windows.FindAsync("other", Token))!.Window.Events).Text);
    }

    [Fact]
    public async Task WindowIsIdleAsSoonAsBefore()
    {
        await AppendAsync(Event(0, text: Secret));
        Time.Advance(Settings.IdleTtl / 2);
        await RemoveAsync("u1");
        Time.Advance(Settings.IdleTtl / 2);
        Assert.Equal(1, await Windows.DropIdleAsync(Token));
    }

    [Fact]
    public async Task AppendsBesideItLoseNothing()
    {
        Settings.MaxEvents = 1_000;
        var appends = Enumerable.Range(0, 30).Select(i => Task.Run(() => AppendAsync(
            [.. Enumerable.Range(0, 5).Select(j => Event(((7 * i) % 30) + (j / 10.0), text: "12345"))]))).ToList();
        var removals = Enumerable.Range(0, 30).Select(_ => Task.Run(() => RemoveAsync("u1")));
        await Task.WhenAll([.. appends, .. removals]);
        Assert.Equal(150, (await Windows.FindAsync("u1", Token))!.Window.Events.Count);
        await RemoveAsync("u1");
        Assert.All((await Windows.FindAsync("u1", Token))!.Window.Events, e => Assert.NotNull(e.Removed));
    }

    [Fact]
    public async Task ErasedUserIsNotBroughtBack()
    {
        for (var round = 0; round < 30; round++)
        {
            var user = $"r{round}";
            await Windows.AppendAsync([Event(0, user, text: "12345")], Token);
            var removing = Task.Run(() => RemoveAsync(user));
            await Task.WhenAll(removing, Task.Run(() => Eraser.EraseAsync(user, new(7), default, [], Token)));
            Assert.Null(await Windows.FindAsync(user, Token));
        }
    }

    /// <summary>Removes what is older than 50 s after the start.</summary>
    private protected static TextRemoval Old { get; } =
        new(Event(50).Timestamp, events => [.. events.Select(e => new RemovedText(e.Kind == "search" ? null : 0.5f))]);

    /// <summary>All bytes that the store has.</summary>
    private protected abstract Task<byte[]> ReadAllAsync();

    private Task<bool> RemoveAsync(string user) => Windows.RemoveTextsAsync(user, Old, Token);

    private static string Shown(WindowEvent e) => $"{string.Join('|', e.Categories ?? [])} {e with { Categories = null }}";
}
