using ProfileService.Windows;
using ProfileService.Windows.Codec;
using ProfileService.Windows.Redis.Layout;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Windows.Redis;

public sealed class RedisWindowValueTests
{
    private static readonly WindowOptions Options = new() { MaxEvents = 30 };

    [Theory]
    [InlineData(1, 0.9)] // mostly in order, as events come: most changes are in place
    [InlineData(2, 0.1)]
    public void EveryChangeGivesTheWindowAsItWas(int seed, double inOrder)
    {
        var random = new Random(seed);
        var window = Window.Empty("u1");
        byte[]? value = null;
        var inPlace = 0;
        for (var i = 0; i < 2_000; i++)
        {
            var time = random.NextDouble() < inOrder ? 100 * i : random.Next(100 * (i + 1));
            var (item, id) = (new string('i', random.Next(1, 20)), random.Next(5) == 0 ? $"e{random.Next(40)}" : null);
            window.Append(Event(time, item: item, id: id), Options, out var changed);
            if (!changed)
                continue;
            var bytes = WindowCodec.Encode(window);
            var write = RedisWindowValue.Change("u1", value, new EncodedWindow(i, bytes), touched: 7 * i);
            value = Written(value, write);
            inPlace += write.TailAt > 0 ? 1 : 0;

            Assert.Equal(bytes, RedisWindowValue.Read("u1", value)!.Bytes);
            Assert.Equal(i, RedisWindowValue.Read("u1", value)!.Revision);
            Assert.Equal(7 * i, RedisWindowValue.ReadTouched(value[RedisWindowLayout.TouchedAt..RedisWindowLayout.EndAt]));
            Assert.True(value.Length <= RedisWindowLayout.HeadBytes + (bytes.Length * 4 / 3), "the value outgrows its window");
        }

        Assert.True(inOrder < 0.5 || inPlace > 800, $"{inPlace} changes were in place");
    }

    [Fact]
    public void ValueThatIsNoneIsRefused()
    {
        var whole = RedisWindowValue.Change("u1", null, new EncodedWindow(1, WindowCodec.Encode(new Window("u1", [Event()]))), 1).Start;
        Assert.Null(RedisWindowValue.Read("u1", null));
        foreach (var length in (int[])[0, 5, 24, 50, 54, 55, 56])
            Assert.True(RedisWindowValue.Read("u1", whole[..length])!.IsAltered);
    }

    [Theory]
    [InlineData(25)]
    [InlineData(51)]
    public void ValueOfAFormerLayoutIsReadAndWrittenAnew(int headBytes)
    {
        var window = new Window("u1", [Event(1), Event(2)]);
        var former = Former(headBytes, 1_790_000_000_007, WindowCodec.Encode(window));
        Assert.Equal(1_790_000_000_007, RedisWindowValue.Read("u1", former)!.Revision);
        Assert.Equal(WindowCodec.Encode(window), RedisWindowValue.Read("u1", former)!.Bytes);

        window.Append(Event(3), Options, out _);
        var write = RedisWindowValue.Change("u1", former, new EncodedWindow(8, WindowCodec.Encode(window)), touched: 1);
        Assert.Equal(0, write.TailAt);
        Assert.Equal(WindowCodec.Encode(window), RedisWindowValue.Read("u1", write.Start)!.Bytes);
    }

    /// <summary>Else a change that was computed before could be written over it, with the texts or at a wrong offset.</summary>
    [Fact]
    public void ValueWithoutATextHasAnotherStampWhateverItsLength()
    {
        var removal = new TextRemoval(Event(50).Timestamp, events => [.. events.Select(_ => new RemovedText(0.5f))]);
        for (var length = 0; length < 20; length++)
        {
            var window = new Window("u1", [Event(1, text: new string('t', length)), Event(60)]);
            var value = RedisWindowValue.Change("u1", null, new EncodedWindow(7, WindowCodec.Encode(window)), touched: 9).Start;
            var without = RedisWindowValue.WithoutTexts("u1", value, window, removal)!;
            Assert.NotEqual(RedisWindowValue.VersionKeyOf(value).ToArray(), RedisWindowValue.VersionKeyOf(without).ToArray());
            Assert.Equal(7, RedisWindowValue.RevisionOf(without));
            Assert.Null(RedisWindowValue.WithoutTexts("u1", without, removal.Apply(window)!, removal));
        }
    }

    [Theory]
    [InlineData(25)]
    [InlineData(51)]
    public void TextGoesOutOfAValueOfAFormerLayoutToo(int headBytes)
    {
        var removal = new TextRemoval(Event(50).Timestamp, events => [.. events.Select(_ => new RemovedText(null))]);
        var window = new Window("u1", [Event(1, text: "secret"), Event(2)]);
        var former = Former(headBytes, 1_790_000_000_007, WindowCodec.Encode(window));
        var without = RedisWindowValue.WithoutTexts("u1", former, window, removal)!;
        Assert.Equal(WindowCodec.Encode(removal.Apply(window)!), RedisWindowValue.Read("u1", without)!.Bytes);
        Assert.Equal(-1, without.AsSpan().IndexOf("secret"u8));
    }

    /// <summary>
    /// A value as it was written when its head had no more than revision, time, offsets and version, or also what a script judges by; with
    /// room, and something that fell out.
    /// </summary>
    internal static byte[] Former(int headBytes, long revision, byte[] window)
    {
        const int begin = 60;
        byte[] version = headBytes == 25 ? [window[0]] : [0, window[0]];
        var end = begin + window.Length - 1;
        byte[] ends = [.. BitConverter.GetBytes(begin), .. BitConverter.GetBytes(end)];
        byte[] head = [.. BitConverter.GetBytes(revision), .. new byte[8], .. ends, .. version];
        return [.. head, .. new byte[begin - head.Length], .. window[1..], .. new byte[40]];
    }

    private static byte[] Written(byte[]? value, RedisWindowWrite write)
    {
        if (write.TailAt == 0)
            return write.Start;
        write.Start.CopyTo(value!, 0);
        write.Tail.CopyTo(value!, write.TailAt);
        return value!;
    }
}
