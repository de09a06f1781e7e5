using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace ProfileService.Auth;

/// <summary>
/// An API key: <c>psk_</c>, the 12 hexadecimal digits of its id, <c>_</c>, and 256 random bits in base64url. The id may be shown; the whole
/// key is shown once, when it is made.
/// </summary>
internal static class ApiKey
{
    public const string Prefix = "psk_";
    private const int IdBytes = 6;
    private const int SecretBytes = 32;
    private const int SecretLength = 43;
    private const int SecretAt = 4 + (2 * IdBytes) + 1;
    private const int Length = SecretAt + SecretLength;

    public static (string Id, string Key) Create()
    {
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));
        return (id, $"{Prefix}{id}_{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes))}");
    }

    /// <summary>The id in a text that has the form of a key; null if it does not.</summary>
    public static string? IdOf(ReadOnlySpan<char> key) =>
        key.Length == Length && key.StartsWith(Prefix) && key[SecretAt - 1] == '_' ? key[Prefix.Length..(SecretAt - 1)].ToString() : null;

    public static byte[] Hash(ReadOnlySpan<char> key)
    {
        Span<byte> bytes = stackalloc byte[Length];
        return Encoding.ASCII.TryGetBytes(key, bytes, out var written) ? SHA256.HashData(bytes[..written]) : [];
    }
}
