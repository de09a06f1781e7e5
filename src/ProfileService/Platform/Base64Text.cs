using System.Buffers;
using System.Buffers.Text;

namespace ProfileService.Platform;

/// <summary>Bytes as base64url (RFC 4648, section 5) without padding.</summary>
internal static class Base64Text
{
    public const string Pattern = "^[A-Za-z0-9_-]+$";

    // Decoding would also pass over white space and padding, so that two texts would be the same.
    private static readonly SearchValues<char> Letters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    public static string Of(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);

    /// <summary>The bytes; none if the text is not as <see cref="Of"/> writes it, or longer than the room.</summary>
    public static ReadOnlySpan<byte> Read(string text, Span<byte> room) =>
        !text.AsSpan().ContainsAnyExcept(Letters) && Base64Url.DecodeFromChars(text, room, out _, out var length) == OperationStatus.Done
            ? room[..length]
            : [];
}
