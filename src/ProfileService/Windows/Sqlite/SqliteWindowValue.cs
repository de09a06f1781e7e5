using System.Buffers.Binary;
using System.Text;
using ProfileService.Platform;
using ProfileService.Windows.Codec;

namespace ProfileService.Windows.Sqlite;

/// <summary>
/// The columns of a window: the revision with its checksum, and the events: a format byte, the CRC-32C of user, revision, time and bytes,
/// and the window's bytes. Rows of a former version have no checksums; they can be read, and get both when they change.
/// </summary>
internal static class SqliteWindowValue
{
    private const byte Format = 0x5A; // differs from every window version, and in at least 4 bits from the first versions
    private const int SumAt = 1;
    private const int HeadBytes = SumAt + sizeof(uint);

    public static (long Revision, byte[] Events) Write(string userId, EncodedWindow window, long touched)
    {
        byte[] events = [Format, .. new byte[sizeof(uint)], .. window.Bytes];
        BinaryPrimitives.WriteUInt32LittleEndian(events.AsSpan(SumAt), SumOf(userId, window.Revision, touched, window.Bytes));
        return (CheckedRevision.Seal(window.Revision), events);
    }

    /// <param name="revision">Like the other columns, as stored; an altered row may contain any type.</param>
    public static EncodedWindow Read(string userId, object revision, object touched, object events) =>
        revision is long stored && ReadRevision(stored) is not CheckedRevision.Altered and var number
        && touched is long time && events is byte[] { Length: > 0 } bytes
            ? Read(userId, CheckedRevision.IsChecked(stored), number, time, bytes)
            : EncodedWindow.Altered;

    public static long ReadRevision(object stored) => stored is long revision ? CheckedRevision.Open(revision) : CheckedRevision.Altered;

    private static EncodedWindow Read(string userId, bool isChecked, long revision, long touched, byte[] events)
    {
        if (!isChecked)
            return events[0] == WindowCodec.Version ? new EncodedWindow(revision, events) : EncodedWindow.Altered;
        if (events[0] != Format || events.Length <= HeadBytes)
            return EncodedWindow.Altered;
        var window = events[HeadBytes..];
        return BinaryPrimitives.ReadUInt32LittleEndian(events.AsSpan(SumAt)) == SumOf(userId, revision, touched, window)
            ? new EncodedWindow(revision, window)
            : EncodedWindow.Altered;
    }

    private static uint SumOf(string userId, long revision, long touched, ReadOnlySpan<byte> window)
    {
        Span<byte> numbers = stackalloc byte[2 * sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(numbers, revision);
        BinaryPrimitives.WriteInt64LittleEndian(numbers[sizeof(long)..], touched);
        return Crc32C.Of(window, Crc32C.Of(numbers, Crc32C.Of(Encoding.UTF8.GetBytes(userId))));
    }
}
