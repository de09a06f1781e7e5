using System.Text;
using ProfileService.Windows;
using ProfileService.Windows.Codec;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Windows.Codec;

public sealed class WindowCodecTests
{
    private static readonly WindowEvent Full =
        new("u1", "review", "sku-9", 1_700_000_000_123_456, "e-1", ["shoes", "größe 42"], 59.9, "fits well 👍");

    [Fact]
    public void FirstByteIsTheVersion() => Assert.Equal(1, WindowCodec.Encode(Window.Empty("u1"))[0]);

    [Theory]
    [InlineData(0.0)]
    [InlineData(5.0)]
    [InlineData(-3.0)]
    [InlineData(59.9)]
    [InlineData(1e300)]
    [InlineData(double.Epsilon)]
    [InlineData(null)]
    public void ValueComesBackExactly(double? value) => Assert.Equal(value, RoundTrip(Event(value: value)).Value);

    [Fact]
    public void ZeroKeepsItsSign() => Assert.True(double.IsNegative(RoundTrip(Event(value: -0.0)).Value!.Value));

    [Theory]
    [InlineData(0L)]
    [InlineData(-1L)]
    [InlineData(1_700_000_000_000_000L)]
    [InlineData(1_700_000_000_123_000L)]
    [InlineData(1_700_000_000_123_456L)]
    [InlineData(-62_135_596_800_000_000L)] // year 1
    public void TimestampComesBackExactly(long timestamp) =>
        Assert.Equal(timestamp, RoundTrip(new WindowEvent("u1", "view", "i", timestamp)).Timestamp);

    [Fact]
    public void KindThatIsNotBuiltInComesBack() => Assert.Equal("wishlist", RoundTrip(Event(kind: "wishlist")).Kind);

    [Theory]
    [InlineData("0f8fad5b-d9cb-469f-a165-70867728950e", 20)]
    [InlineData("00000000-0000-0000-0000-000000000000", 20)]
    [InlineData("0F8FAD5B-D9CB-469F-A165-70867728950E", 0)]
    [InlineData("0f8fad5bd9cb469fa16570867728950e", 0)]
    [InlineData("0f8fad5b-d9cb-469f-a165-70867728950x", 0)]
    public void UuidInLowerCaseIsStoredAs16BytesAndComesBack(string id, int saved)
    {
        var e = Event(item: id, id: id);
        Assert.Equal((id, id), (RoundTrip(e).ItemId, RoundTrip(e).GivenId));
        var other = new string('x', id.Length);
        var longer = WindowCodec.Encode(new Window("u1", [Event(item: other, id: other)])).Length;
        Assert.Equal(2 * saved, longer - WindowCodec.Encode(new Window("u1", [e])).Length);
    }

    [Fact]
    public void CutAnywhereItIsRefusedOrAShorterWindow()
    {
        var bytes = WindowCodec.Encode(new Window("u1", [Full, Full with { GivenId = "e-2" }]));
        var whole = Enumerable.Range(1, bytes.Length).Count(length => IsReadable(bytes.AsSpan(0, length).ToArray()));
        Assert.Equal(3, whole); // no event, one, both
    }

    [Theory]
    [InlineData(new byte[] { })]
    [InlineData(new byte[] { 2 })]
    [InlineData(new byte[] { 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff })]
    [InlineData(new byte[] { 1, 3, 128, 200, 0 })]
    public void BytesThatAreNoWindowAreRefused(byte[] bytes) => Assert.False(IsReadable(bytes));

    [Fact]
    public void DigestDependsOnTheEventsAlone()
    {
        Assert.Equal(WindowCodec.Digest(new Window("u1", [Full])), WindowCodec.Digest(new Window("u1", [Full with { }])));
        Assert.NotEqual(WindowCodec.Digest(new Window("u1", [Full])), WindowCodec.Digest(new Window("u1", [Full with { Value = 59.8 }])));
        const string sha256OfVersion1 = "4bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a";
        Assert.Equal(sha256OfVersion1, WindowCodec.Digest(Window.Empty("u1")));
    }

    [Theory]
    [InlineData("review", 0.123_456_7f, 4)]
    [InlineData("review", -1f, 4)]
    [InlineData("review", null, 0)]
    [InlineData("wishlist", 0.5f, 5)]
    [InlineData("wishlist", null, 1)]
    public void RemovedTextLeavesItsScoreExactly(string kind, float? score, int bytes)
    {
        var e = Event(kind: kind, id: "x", value: 2.5) with { Removed = new RemovedText(score) };
        Assert.Equal(e, RoundTrip(e));
        var (without, with) = (WindowCodec.Encode(new Window("u1", [e with { Removed = null }])), WindowCodec.Encode(new Window("u1", [e])));
        Assert.Equal(without.Length + bytes, with.Length);
        Assert.Equal((1, e.Timestamp, e.Timestamp), WindowCodec.Measure(with.AsSpan(1)));
        var reader = new EventReader(with);
        reader.Read();
        Assert.Equal((false, score, 2.5), (reader.HasText, reader.Removed!.Value.Score, reader.Value));
        Assert.Equal(kind, reader.KnownKind < 0 ? Encoding.UTF8.GetString(reader.NamedKind) : EventKinds.Known[reader.KnownKind]);
    }

    /// <summary>It refuses a kind by number that is none of its ten, before it reads what stays of the text.</summary>
    [Theory]
    [InlineData("view")]
    [InlineData("search")]
    [InlineData("wishlist")]
    public void FormerServiceRefusesAWindowThatATextWasRemovedFrom(string kind)
    {
        const int flags = 2, number = 3, named = 32;
        var bytes = WindowCodec.Encode(new Window("u1", [Event(kind: kind) with { Removed = new RemovedText(1) }]));
        Assert.Equal(0, bytes[flags] & named);
        Assert.InRange(bytes[number], 10, 255);
    }

    [Fact]
    public void TextThatWasNeverThereIsNeitherAnEmptyOneNorARemovedOne()
    {
        Assert.Equal((null, null), (RoundTrip(Event()).Text, RoundTrip(Event()).Removed));
        Assert.Equal(("", null), (RoundTrip(Event(text: "")).Text, RoundTrip(Event(text: "")).Removed));
    }

    [Fact]
    public void WindowOfVersion1IsWrittenAsEver() =>
        Assert.Equal("01109000c0b6b8ae0d026931056669747320", Convert.ToHexStringLower(WindowCodec.Encode(new Window("u1", [Event(text: "fits ")]))));

    [Fact]
    public void TypicalEventIsSmall() =>
        Assert.InRange(WindowCodec.Encode(new Window("u1", [Event(item: "sku-12345", category: "shoes", value: 59.9)])).Length, 1, 40);

    private static WindowEvent RoundTrip(WindowEvent e) =>
        Assert.Single(WindowCodec.Decode("u1", WindowCodec.Encode(new Window("u1", [e]))).Events);

    private static bool IsReadable(byte[] bytes)
    {
        try
        {
            WindowCodec.Decode("u1", bytes);
            return true;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }
}
