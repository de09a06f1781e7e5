using ProfileService.Windows;

namespace ProfileService.Benchmarks.WindowLayouts;

/// <summary>An event, and its bytes as they are in a window: length, then body.</summary>
internal sealed record SampleEvent(UserEvent Event, byte[] Record)
{
    private const int VersionBytes = 1;

    /// <summary>The record without its length, for layouts that keep lengths themselves.</summary>
    public byte[] Body => new ByteReader(Record).ReadBytes().ToArray();

    public static SampleEvent Of(UserEvent e) => new(e, WindowCodec.Encode(new Window(e.UserId, [e]))[VersionBytes..]);

    /// <summary>Bytes of the first record, its length included.</summary>
    public static int LengthOfFirst(ReadOnlySpan<byte> records)
    {
        var body = new ByteReader(records).ReadBytes().Length;
        return body + (body < 128 ? 1 : 2);
    }
}
