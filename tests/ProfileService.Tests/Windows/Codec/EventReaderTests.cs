using System.Text;
using FsCheck;
using FsCheck.Fluent;
using ProfileService.Windows;
using ProfileService.Windows.Codec;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Windows.Codec;

/// <summary>What is read from a window's bytes without objects is what its events are.</summary>
public sealed class EventReaderTests
{
    private static readonly Gen<WindowEvent> AnyEvent =
        from second in Gen.Elements(0, 1, 1.5, 2.000_001, -1)
        from item in Gen.Elements(
            "i1", "é€\U00010000", "3F2504E0-4F89-11D3-9A0C-0305E82C3301", "3f2504e0-4f89-11d3-9a0c-0305e82c3301", new string('x', 128))
        from kind in Gen.Elements("view", "search", "wishlist", "ünlike")
        from id in Gen.Elements(null, "x", "6ba7b810-9dad-11d1-80b4-00c04fd430c8")
        from categories in Gen.Elements<string[]?>(null, ["shoes"], ["hüte", "shoes", "é"], ["é", "hüte"])
        from value in Gen.Elements<double?>(null, 0, -0.0, 1, -7, 2.5, 1e300)
        from text in Gen.Elements(null, "fits well")
        from removed in Gen.Elements<RemovedText?>(null, new RemovedText(null), new RemovedText(-0.25f))
        select Event(second, item: item, kind: kind, id: id, value: value, text: removed is null ? text : null) with
        {
            Categories = categories,
            Removed = removed,
        };

    [Fact]
    public void EveryEventIsReadAsItWasWritten() =>
        Prop.ForAll((from events in AnyEvent.ArrayOf() from skipped in Gen.Choose(0, 3) select (events, skipped)).ToArbitrary(), window =>
            Read(window.events, Math.Min(window.skipped, window.events.Length))
                .SequenceEqual(window.events.Skip(window.skipped).Select(Shown)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 255 })]
    public void BytesOfAnotherVersionAreNoWindow(byte[] bytes)
    {
        Assert.Throws<InvalidDataException>(() => new EventReader(bytes).KnownKind);
        Assert.Throws<InvalidDataException>(() => WindowCodec.CountEvents(bytes));
    }

    [Fact]
    public void DamagedEventIsNoEvent()
    {
        var bytes = WindowCodec.Encode(new Window("u1", [Event(1)]));
        bytes[3] = 200; // the place of its kind
        Assert.Throws<InvalidDataException>(() => Read(bytes, skipped: 0));
        Assert.Throws<InvalidDataException>(() => Read(bytes[..^1], skipped: 0));
    }

    private static List<(string, string, long, string, double?)> Read(WindowEvent[] events, int skipped)
    {
        var bytes = WindowCodec.Encode(new Window("u1", [.. events]));
        Assert.Equal(events.Length, WindowCodec.CountEvents(bytes));
        return Read(bytes, skipped);
    }

    private static List<(string, string, long, string, double?)> Read(byte[] bytes, int skipped)
    {
        var read = new List<(string, string, long, string, double?)>();
        var reader = new EventReader(bytes);
        reader.Skip(skipped);
        for (var i = WindowCodec.CountEvents(bytes) - skipped; i > 0; i--)
        {
            reader.Read();
            read.Add((
                Encoding.UTF8.GetString(reader.Item),
                reader.KnownKind < 0 ? Encoding.UTF8.GetString(reader.NamedKind) : EventKinds.Known[reader.KnownKind],
                reader.Timestamp, CategoriesOf(reader), reader.Value));
        }

        return read;
    }

    private static (string, string, long, string, double?) Shown(WindowEvent e) =>
        (e.ItemId, e.Kind, e.Timestamp, string.Join('|', e.Categories ?? []), e.Value);

    private static string CategoriesOf(in EventReader e)
    {
        var names = new List<string>();
        for (var i = 0; i < e.CategoryCount; i++)
            names.Add(Encoding.UTF8.GetString(e.CategoryAt(i)));
        Assert.Equal(e.HasCategory, names.Count > 0);
        if (e.HasCategory)
            Assert.Equal(names[0], Encoding.UTF8.GetString(e.Category));
        return string.Join('|', names);
    }
}
