using System.Buffers.Binary;
using System.Text;
using ProfileService.Platform;
using ProfileService.Windows.Codec;
using static ProfileService.Windows.Redis.Layout.RedisWindowLayout;

namespace ProfileService.Windows.Redis.Layout;

/// <summary>
/// The checksum of a window's value: the sum, modulo a prime, of the CRC-32C of the user's id, the CRC-32C of each stored event with its
/// length, and each number of the head times its own weight. A script cannot compute a CRC. It updates the checksum by adding the sum that
/// the client computed for new events and the weighted changes of the head's numbers; a wrong checksum stays wrong. Lua's doubles are exact
/// for all of these numbers.
/// </summary>
internal static class RedisWindowSum
{
    /// <summary>The largest prime below 2³². 2³² modulo this prime is 5; therefore every bit of a 64-bit number counts.</summary>
    public const long Modulus = 4_294_967_291;

    public const int OfRevision = 641;
    public const int OfTouched = 769;
    public const int OfEnd = 1_009;
    public const int OfFallen = 557;
    public const int OfState = 887;
    public const int OfCount = 991;
    public const int OfNewest = 613;
    public const int OfLimit = 929;
    public const int OfOldest = 733;

    private const int TypicalBytes = 512; // of an id, which has at most 128 characters

    /// <param name="head">Head of a value; its checksum is ignored.</param>
    /// <param name="events">All events of the value, including those that fell out.</param>
    /// <exception cref="InvalidDataException">The last event is incomplete.</exception>
    public static uint Of(string userId, ReadOnlySpan<byte> head, ReadOnlySpan<byte> events) =>
        (uint)((OfUser(userId) + OfEvents(events) + OfHead(head)) % Modulus);

    /// <summary>The sum that new events add to the checksum.</summary>
    public static uint OfAdded(ReadOnlySpan<byte> events, long newest) => (uint)((OfEvents(events) + (OfNewest * Mod(newest))) % Modulus);

    /// <summary>The checksum of a value with these events alone, without revision, touched, end and limit.</summary>
    public static uint OfAnew(string userId, uint added, int count, long oldest) =>
        (uint)((OfUser(userId) + added
            + (OfState * StateOf(RedisWindowValue.State))
            + (OfCount * (long)count)
            + (OfOldest * Mod(oldest))) % Modulus);

    private static long OfUser(string userId)
    {
        Span<byte> bytes = stackalloc byte[TypicalBytes];
        return Crc32C.Of(Encoding.UTF8.TryGetBytes(userId, bytes, out var length) ? bytes[..length] : Encoding.UTF8.GetBytes(userId));
    }

    private static long OfEvents(ReadOnlySpan<byte> events)
    {
        var sum = 0L;
        for (int length; !events.IsEmpty; events = events[length..])
        {
            length = WindowCodec.LengthOfFirst(events);
            sum += Crc32C.Of(events[..length]);
        }

        return sum % Modulus;
    }

    private static long OfHead(ReadOnlySpan<byte> head) =>
        (OfRevision * Mod(CheckedRevision.Open(Long(head, RevisionAt))))
        + (OfTouched * Mod(Long(head, TouchedAt)))
        + (OfEnd * Mod(Int(head, EndAt)))
        + (OfFallen * Mod(Int(head, FallenAt)))
        + (OfState * StateOf(head[LayoutAt..]))
        + (OfCount * Mod(Int(head, CountAt)))
        + (OfNewest * Mod(Long(head, NewestAt)))
        + (OfLimit * Mod(Int(head, LimitAt)))
        + (OfOldest * Mod(Long(head, OldestAt)));

    private static long StateOf(ReadOnlySpan<byte> state) => state[0] | (state[1] << 8) | (state[2] << 16);

    private static long Int(ReadOnlySpan<byte> head, int at) => BinaryPrimitives.ReadInt32LittleEndian(head[at..]);

    private static long Long(ReadOnlySpan<byte> head, int at) => BinaryPrimitives.ReadInt64LittleEndian(head[at..]);

    private static long Mod(long number) => ((number % Modulus) + Modulus) % Modulus;
}
