using System.Buffers.Binary;
using ProfileService.Platform;
using ProfileService.Windows.Codec;
using static ProfileService.Windows.Redis.Layout.RedisWindowLayout;

namespace ProfileService.Windows.Redis.Layout;

/// <summary>
/// Reads values that were written before there was a checksum. All begin with revision and time; byte 24 is the layout. Layout 255 has the
/// number of events that fell out and the end of the events. The others have the start and the end of the events. Layouts 255 and 0 have a
/// head of 51 bytes, with the version after the layout. The oldest has a head of 25 bytes, with the version, 1, in place of the layout.
/// </summary>
internal static class RedisFormerValue
{
    private const int BeginAt = 16; // or the number of events that fell out
    private const int EndsAt = 20;
    private const int LongHeadBytes = 51;
    private const int ShortHeadBytes = 25;

    private const byte WithFallen = 255;
    private const byte WithBegin = 0;
    private const byte Oldest = 1;

    /// <summary>The events of the window; null if the value has none of these layouts.</summary>
    public static (byte Version, ReadOnlyMemory<byte> Events)? Find(byte[] value)
    {
        var layout = value[LayoutAt];
        var head = layout is WithFallen or WithBegin ? LongHeadBytes : ShortHeadBytes;
        if (layout is not (WithFallen or WithBegin or Oldest) || value.Length < head
            || CheckedRevision.IsChecked(BinaryPrimitives.ReadInt64LittleEndian(value))) // these values have plain revisions
        {
            return null;
        }

        var (first, end) = (IntAt(value, BeginAt), IntAt(value, EndsAt));
        if ((layout == WithFallen ? BeginAfter(value, first) : first) is not { } begin || begin < head || begin > end || end > value.Length)
            return null;
        return (value[head == LongHeadBytes ? VersionAt : LayoutAt], value.AsMemory(begin..end));
    }

    /// <summary>Offset of the first event after those that fell out; null if these cannot be read.</summary>
    private static int? BeginAfter(byte[] value, int fallen)
    {
        var events = new ByteReader(value.AsSpan(LongHeadBytes));
        try
        {
            for (; fallen > 0; fallen--)
                events.ReadBytes();
            return value.Length - events.Left;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static int IntAt(byte[] value, int at) => BinaryPrimitives.ReadInt32LittleEndian(value.AsSpan(at));
}
