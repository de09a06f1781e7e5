using System.Buffers.Binary;
using System.Text;
using ProfileService.Platform;
using ProfileService.Windows.Codec;

namespace ProfileService.Windows.Sqlite;

/// <summary>
/// What the columns of a window hold: the revision with its check bits, and the window's bytes behind a mark and the CRC-32C of user,
/// revision, time and bytes. Rows of a former version have neither; they are read, and get both when they change.
/// </summary>
internal static class SqliteWindowValue
{
    private const byte Mark = 0x5A; // no version of windows, and four bits at least from the first ones
    private const int SumAt = 1;
    private const int HeadBytes = SumAt + sizeof(uint);

    public static (long Revision, byte[] Events) Write(string userId, EncodedWindow window, long touched)
    {
        byte[] events = [Mark, .. new byte[sizeof(uint)], .. window.Bytes];
        BinaryPrimitives.WriteUInt32LittleEndian(events.AsSpan(SumAt), SumOf(userId, window.Revision, touched, window.Bytes));
        return (CheckedRevision.Seal(window.Revision), events);
    }

    /// <param name="revision">This and the others as they lie in the row, whatever that is.</param>
    public static EncodedWindow Read(string userId, object revision, object touched, object events) =>
        revision is long stored && ReadRevision(stored) is not CheckedRevision.Altered and var number
        && touched is long time && events is byte[] { Length: > 0 } bytes
            ? Read(userId, CheckedRevision.IsChecked(stored), number, time, bytes)
            : EncodedWindow.Refused;

    public static long ReadRevision(object stored) => stored is long revision ? CheckedRevision.Open(revision) : CheckedRevision.Altered;

    private static EncodedWindow Read(string userId, bool isChecked, long revision, long touched, byte[] events)
    {
        if (!isChecked)
            return events[0] == WindowCodec.Version ? new EncodedWindow(revision, events) : EncodedWindow.Refused;
        if (events[0] != Mark || events.Length <= HeadBytes)
            return EncodedWindow.Refused;
        var window = events[HeadBytes..];
        return BinaryPrimitives.ReadUInt32LittleEndian(events.AsSpan(SumAt)) == SumOf(userId, revision, touched, window)
            ? new EncodedWindow(revision, window)
            : EncodedWindow.Refused;
    }

    private static uint SumOf(string userId, long revision, long touched, ReadOnlySpan<byte> window)
    {
        Span<byte> numbers = stackalloc byte[2 * sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(numbers, revision);
        BinaryPrimitives.WriteInt64LittleEndian(numbers[sizeof(long)..], touched);
        return Crc32C.Of(window, Crc32C.Of(numbers, Crc32C.Of(Encoding.UTF8.GetBytes(userId))));
    }
}
