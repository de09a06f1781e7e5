using Microsoft.Extensions.Time.Testing;
using ProfileService.Intake;
using ProfileService.Platform;
using ProfileService.Windows;
using ProfileService.Windows.Codec;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Windows;

/// <summary>
/// What every store must do with a window that is not as it was written: refuse it, or answer as before; nobody else suffers.
/// </summary>
public abstract class WindowDamageContract
{
    private const string Broken = "broken";
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private protected FakeTimeProvider Time { get; } = new(Start);

    private protected WindowOptions Settings { get; } = new() { MaxEvents = 4, IdleTtl = TimeSpan.FromDays(20) };

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected abstract TestStores Stores { get; }

    private protected IWindowStore Windows => Stores.Windows;

    private IDueQueue Queue => Stores.Queue;

    /// <summary>Everything that is stored as a user's window but for its key, as one value.</summary>
    private protected abstract Task<byte[]> ReadAsync(string userId);

    private protected abstract Task WriteAsync(string userId, byte[] value);

    [Theory]
    [InlineData(0)] // touched alone
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(6)] // some fell out
    public async Task AnyFlippedBitIsRefusedOrChangesNothing(int events)
    {
        var (value, whole) = await StoreAsync(events);
        var refused = 0;
        for (var bit = 0; bit < 8 * value.Length; bit++)
        {
            await WriteAsync(Broken, Flipped(value, bit));
            refused += await IsRefusedAsync(whole, $"bit {bit}") ? 1 : 0;
        }

        Assert.True(refused > 7 * value.Length, $"{refused} of {8 * value.Length} were refused");
    }

    [Fact]
    public async Task AnyFlippedBitStaysRefusedWhateverComesToTheUser()
    {
        var (value, whole) = await StoreAsync(3);
        for (var bit = 0; bit < 8 * value.Length; bit++)
        {
            await WriteAsync(Broken, Flipped(value, bit));
            if (!await IsRefusedAsync(whole, $"bit {bit}"))
                continue;
            await WriteAsync(Broken, Flipped(value, bit)); // as nobody has read it
            await Windows.AppendAsync([Event(100, Broken), Event(101, Broken, id: "given")], Token);
            await Windows.TouchAsync([Broken], Token);
            await Queue.RaiseRevisionsAsync([(Broken, whole.Revision + 1_000_000)], Token);
            await Assert.ThrowsAsync<UnreadableWindowException>(() => Windows.FindAsync(Broken, Token));
        }
    }

    [Fact]
    public async Task OnlyAWindowThatCannotBeReadIsDroppedAsUnreadable()
    {
        var (value, whole) = await StoreAsync(3);
        await Stores.AliasWindows.DropUnreadableAsync(Broken, Token);
        Assert.Equal(whole.Revision, (await Windows.FindAsync(Broken, Token))!.Revision);
        await WriteAsync(Broken, [.. value, 0]);
        await Assert.ThrowsAsync<UnreadableWindowException>(() => Windows.FindAsync(Broken, Token));
        await Stores.AliasWindows.DropUnreadableAsync(Broken, Token);
        Assert.Null(await Windows.FindAsync(Broken, Token));
    }

    [Fact]
    public async Task AnythingCutLongerZeroedOrOfAnotherUserIsRefused()
    {
        await Windows.AppendAsync([.. Enumerable.Range(0, 3).Select(i => Event(i, "other", item: "x"))], Token);
        var (value, whole) = await StoreAsync(3);
        var random = new Random(1);
        byte[][] altered =
        [
            .. Enumerable.Range(0, value.Length).Select(length => value[..length]),
            [.. value, 0], [.. value, .. value], [.. value, .. new byte[4_096]],
            new byte[value.Length], [.. Enumerable.Repeat((byte)255, value.Length)],
            .. Enumerable.Range(0, 256).Select(b => value.Select((old, at) => at == 24 ? (byte)b : old).ToArray()),
            .. Enumerable.Range(0, value.Length).SelectMany(at =>
                Enumerable.Range(1, 24).Where(n => at + n <= value.Length).Select(n => Zeroed(value, at, n))),
            .. Enumerable.Range(0, 500).Select(_ => Noise(value, random)),
            await ReadAsync("other"),
        ];
        for (var i = 0; i < altered.Length; i++)
        {
            await WriteAsync(Broken, altered[i]);
            await IsRefusedAsync(whole, $"alteration {i}");
        }
    }

    [Fact]
    public async Task RefusedWindowCostsTheOthersNothing()
    {
        var (value, _) = await StoreAsync(3);
        await Windows.AppendAsync([Event(1, "good")], Token);
        await Queue.SettleAsync(await Queue.ClaimDueAsync(10, Lease, Token), Token);
        await WriteAsync(Broken, Flipped(value, 8 * (value.Length / 2)));
        await Assert.ThrowsAsync<UnreadableWindowException>(() => Windows.FindAsync(Broken, Token)); // as the refresh would

        Assert.Equal([Verdict.Unreadable, Verdict.Accepted], await Windows.AppendAsync([Event(9, Broken), Event(9, "good")], Token));
        await Windows.TouchAsync([Broken, "good"], Token);
        Assert.Equal(["good"], (await Queue.ClaimDueAsync(10, Lease, Token)).Select(c => c.UserId));
        Assert.Equal(2, (await Windows.FindAsync("good", Token))!.Window.Events.Count);
        await Queue.MarkDueAsync([Broken, "good"], Token);
        Assert.Empty(Assert.Single(await Queue.ClaimDueAsync(10, Lease, Token), c => c.UserId == Broken).Bytes);
    }

    [Fact]
    public async Task EmptiedWindowTakesNoEventsAsIfItWereNew()
    {
        await StoreAsync(3);
        await WriteAsync(Broken, []);
        Assert.Equal([Verdict.Unreadable], await Windows.AppendAsync([Event(50, Broken)], Token));
        await Assert.ThrowsAsync<UnreadableWindowException>(() => Windows.FindAsync(Broken, Token));
    }

    [Fact]
    public async Task RefusedWindowIsNotDroppedAsIdle()
    {
        var (value, whole) = await StoreAsync(3);
        for (var bit = 8 * 8; bit < 8 * 16; bit++)
        {
            await WriteAsync(Broken, Flipped(value, bit));
            await Windows.DropIdleAsync(Token);
            await IsRefusedAsync(whole, $"bit {bit}");
        }
    }

    [Fact]
    public async Task AlteredRevisionIsAboveEveryOther()
    {
        var (value, whole) = await StoreAsync(3);
        await Windows.AppendAsync([Event(1, "good")], Token);
        for (var bit = 0; bit < 64; bit++)
        {
            await WriteAsync(Broken, Flipped(value, bit));
            Assert.Equal([CheckedRevision.Altered, null], await Windows.FindRevisionsAsync([Broken, "nobody"], Token));
            Assert.Equal(CheckedRevision.Altered, await Windows.FindRevisionAsync(Broken, Token));
        }

        await WriteAsync(Broken, value);
        Assert.Equal(whole.Revision, await Windows.FindRevisionAsync(Broken, Token));
    }

    [Fact]
    public async Task MendedWindowIsOfItsEventsAboveTheOldRevisionAndDue()
    {
        var (value, whole) = await StoreAsync(6);
        await Queue.SettleAsync(await Queue.ClaimDueAsync(10, Lease, Token), Token);
        await WriteAsync(Broken, Flipped(value, (8 * value.Length) - 200));
        Time.SetUtcNow(Start.AddDays(1));
        WindowEvent[] archived = [.. Enumerable.Range(0, 6).Reverse().Select(i => Event(i, Broken))];

        Assert.True(await Windows.MendAsync(Broken, archived, Token));
        var mended = (await Windows.FindAsync(Broken, Token))!;
        Assert.Equal(WindowCodec.Encode(whole.Window), WindowCodec.Encode(mended.Window));
        Assert.True(mended.Revision > whole.Revision);
        Assert.Equal([Broken], (await Queue.ClaimDueAsync(10, Lease, Token)).Select(c => c.UserId));

        Assert.False(await Windows.MendAsync(Broken, [.. archived, Event(7, Broken)], Token)); // of one that can be read
        Assert.Equal(Event(7, Broken), (await Windows.FindAsync(Broken, Token))!.Window.Events[^1]);
    }

    [Fact]
    public async Task WhatTheUserMetOutlivesADamagedWindow()
    {
        Settings.RememberSeen = true;
        await Windows.AppendAsync([.. Enumerable.Range(0, 7).Select(i => Event(i, Broken, $"i{i}"))], Token);
        var value = await ReadAsync(Broken);
        await WriteAsync(Broken, Flipped(value, (8 * value.Length) - 200));
        Assert.Equal([Verdict.Unreadable], await Windows.AppendAsync([Event(8, Broken, "refused")], Token));
        Assert.True(await Windows.MendAsync(Broken, [Event(9, Broken, "archived")], Token));
        var expected = SeenItems.Of([.. Enumerable.Range(0, 7).Select(i => $"i{i}"), "archived"]);
        Assert.Equal(expected.Filter.ToArray(), (await Windows.FindSeenAsync(Broken, Token))!.Filter.ToArray());
    }

    private protected static byte[] Flipped(byte[] value, int bit)
    {
        var flipped = value.ToArray();
        flipped[bit / 8] ^= (byte)(1 << (bit % 8));
        return flipped;
    }

    private async Task<(byte[] Value, StoredWindow Window)> StoreAsync(int events)
    {
        if (events == 0)
            await Windows.TouchAsync([Broken], Token);
        for (var i = 0; i < events; i++) // one at a time, so that a store may add to what lies there
            await Windows.AppendAsync([Event(i, Broken)], Token);
        return (await ReadAsync(Broken), (await Windows.FindAsync(Broken, Token))!);
    }

    /// <summary>Whether the window is refused; else it must be as it was. Its revision, read alone, is never another.</summary>
    private async Task<bool> IsRefusedAsync(StoredWindow whole, string what)
    {
        var revision = await Windows.FindRevisionAsync(Broken, Token);
        Assert.True(revision == whole.Revision || revision == CheckedRevision.Altered || revision is null, $"{what}: revision {revision}");
        try
        {
            var found = await Windows.FindAsync(Broken, Token);
            Assert.True(found is null || IsSame(found, whole), $"{what}: another window was read");
            return false;
        }
        catch (UnreadableWindowException)
        {
            return true;
        }
    }

    private static bool IsSame(StoredWindow found, StoredWindow whole) =>
        found.Revision == whole.Revision && WindowCodec.Encode(found.Window).SequenceEqual(WindowCodec.Encode(whole.Window));

    private static byte[] Zeroed(byte[] value, int at, int count) => [.. value[..at], .. new byte[count], .. value[(at + count)..]];

    private static byte[] Noise(byte[] value, Random random)
    {
        var noisy = value.ToArray();
        random.NextBytes(noisy.AsSpan(random.Next(value.Length)));
        return noisy;
    }
}
