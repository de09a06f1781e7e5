using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ProfileService.Cli.Output;

/// <summary>Numbers as a file has them: little-endian, whatever the order of the machine.</summary>
internal static class LittleEndian
{
    public static byte[] Of<T>(ReadOnlySpan<T> numbers)
        where T : unmanaged
    {
        var bytes = MemoryMarshal.AsBytes(numbers).ToArray();
        if (!BitConverter.IsLittleEndian)
        {
            for (var at = 0; at < bytes.Length; at += Unsafe.SizeOf<T>())
                bytes.AsSpan(at, Unsafe.SizeOf<T>()).Reverse();
        }

        return bytes;
    }
}
