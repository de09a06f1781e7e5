using System.Buffers.Binary;
using System.Numerics;

namespace ProfileService.Platform;

/// <summary>CRC-32C (Castagnoli). Uses the processor's CRC instruction if there is one.</summary>
internal static class Crc32C
{
    /// <param name="before">Checksum of the preceding bytes.</param>
    public static uint Of(ReadOnlySpan<byte> bytes, uint before = 0)
    {
        var crc = ~before;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var b in bytes)
            crc = BitOperations.Crc32C(crc, b);
        return ~crc;
    }
}
