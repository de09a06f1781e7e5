using System.Security.Cryptography;

namespace ProfileService.Platform;

/// <summary>
/// Texts that only processes with the key of this database can make: base64url of some bytes and a tag of them, the HMAC-SHA256 or its
/// first bytes. None is stored.
/// </summary>
/// <param name="purpose">What the texts are for; those of another purpose are not taken.</param>
/// <param name="maxLength">Characters of the longest text.</param>
/// <param name="tagBytes">Up to 32.</param>
internal sealed class SignedText(UserHash keys, string purpose, int maxLength, int tagBytes)
{
    private byte[] Key => field ??= keys.KeyFor(purpose);

    /// <summary>Bytes of the longest text.</summary>
    public int MaxBytes => maxLength / 4 * 3;

    public string Of(ReadOnlySpan<byte> content)
    {
        Span<byte> text = stackalloc byte[content.Length + tagBytes];
        content.CopyTo(text);
        Tag(content, text[content.Length..]);
        return Base64Text.Of(text);
    }

    /// <summary>What the text was made of; empty if it is none of this database's for this purpose.</summary>
    /// <param name="room">[<see cref="MaxBytes"/>]</param>
    public ReadOnlySpan<byte> Read(string text, Span<byte> room)
    {
        var bytes = text.Length <= maxLength ? Base64Text.Read(text, room) : [];
        if (bytes.Length <= tagBytes)
            return [];
        var content = bytes[..^tagBytes];
        Span<byte> tag = stackalloc byte[tagBytes];
        Tag(content, tag);
        return CryptographicOperations.FixedTimeEquals(tag, bytes[content.Length..]) ? content : [];
    }

    private void Tag(ReadOnlySpan<byte> content, Span<byte> tag)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(Key, content, hash);
        hash[..tag.Length].CopyTo(tag);
    }
}
