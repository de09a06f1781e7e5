using System.Text;

namespace ProfileService.Platform;

/// <summary>
/// A 64-bit hash that may be stored: it is the same on every machine, in every version and language (docs/model-package.md).
/// FNV-1a over UTF-8, then the finalizer of MurmurHash3, so that the low bits are well distributed.
/// </summary>
internal static class StableHash
{
    private const int StackBytes = 512;

    public static ulong Of(ReadOnlySpan<char> text)
    {
        var length = Encoding.UTF8.GetMaxByteCount(text.Length);
        Span<byte> bytes = length <= StackBytes ? stackalloc byte[StackBytes] : new byte[length];
        return Of(bytes[..Encoding.UTF8.GetBytes(text, bytes)]);
    }

    public static ulong Of(ReadOnlySpan<byte> bytes)
    {
        var hash = 0xcbf29ce484222325;
        foreach (var b in bytes)
            hash = (hash ^ b) * 0x100000001b3;

        hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccd;
        hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53;
        return hash ^ (hash >> 33);
    }
}
