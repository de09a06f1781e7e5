using System.Buffers.Binary;

namespace ProfileService.Windows;

/// <summary>What the windows keep of an erased user, under the hash of the id, so that nothing from before comes back.</summary>
/// <param name="ErasedBefore">Events with this timestamp, µs, or an earlier one are not taken again.</param>
/// <param name="Floor">No revision from before the erasure is higher. A window that begins anew begins above it.</param>
/// <param name="Order">Identifies the erasure, so that doing it again erases nothing that came after it.</param>
internal readonly record struct ErasureMark(long ErasedBefore, long Floor, long Order)
{
    /// <summary>
    /// As <see cref="Order"/>: the mark was restored, and nobody has looked yet for what came back while it was missing. No erasure has it.
    /// </summary>
    public const long Unreviewed = 0;

    public const int Bytes = 3 * sizeof(long);

    /// <summary>Offset of the floor, from 1, as Lua counts.</summary>
    public const int LuaFloorAt = sizeof(long) + 1;

    /// <summary>The first two numbers, for Lua's struct.unpack.</summary>
    public const string LuaFormat = "<i8i8";

    /// <summary>The Redis key of a partition's marks: a hash from <see cref="Platform.UserHash"/> to <see cref="ToBytes"/>.</summary>
    /// <param name="tag">Tag of the partition.</param>
    public static string KeyOf(string tag) => $"{tag}:erased";

    /// <summary>Whether the event is from before the erasure.</summary>
    public bool Covers(WindowEvent e) => e.Timestamp <= ErasedBefore;

    /// <summary>Whether it is of a later erasure: it covers more events, or more revisions.</summary>
    public bool IsAbove(ErasureMark other) => ErasedBefore > other.ErasedBefore || Floor > other.Floor;

    /// <summary>The mark that is at least both.</summary>
    public ErasureMark AtLeast(ErasureMark? other) => other is { } before
        ? this with { ErasedBefore = Math.Max(ErasedBefore, before.ErasedBefore), Floor = Math.Max(Floor, before.Floor) }
        : this;

    public byte[] ToBytes()
    {
        var bytes = new byte[Bytes];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, ErasedBefore);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(sizeof(long)), Floor);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(2 * sizeof(long)), Order);
        return bytes;
    }

    public static ErasureMark? From(byte[]? bytes) => bytes is { Length: Bytes }
        ? new(
            BinaryPrimitives.ReadInt64LittleEndian(bytes),
            BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(sizeof(long))),
            BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(2 * sizeof(long))))
        : null;
}
