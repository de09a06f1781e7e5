using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ProfileService.Platform;

/// <summary>
/// The pseudonym of a user id: its HMAC-SHA256 in lower hexadecimal. What remains of an erased user is stored under it. The key is set
/// once, at start (<c>PrivacyStart</c>).
/// </summary>
internal sealed class UserHash
{
    public const int KeyBytes = 32;

    private const int NumberBytes = 16;

    private volatile byte[]? _key;

    /// <summary>Whether the key is set. Without it, this process can know of no erased user.</summary>
    public bool IsReady => _key is not null;

    public void Use(byte[] key) => _key = key;

    /// <exception cref="InvalidOperationException">The key is not set.</exception>
    public string Of(string userId) => Convert.ToHexStringLower(BytesOf(userId));

    /// <summary>The pseudonym of each user; empty texts while the key is not set. A hash takes about 1 µs.</summary>
    public IReadOnlyDictionary<string, string> OfEach(IEnumerable<string> userIds)
    {
        var hashes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var userId in userIds)
        {
            if (!hashes.ContainsKey(userId))
                hashes[userId] = IsReady ? Of(userId) : "";
        }

        return hashes;
    }

    /// <summary>The first 128 bits of the pseudonym as a number: enough to tell users apart in memory.</summary>
    /// <exception cref="InvalidOperationException">The key is not set.</exception>
    public UInt128 NumberOf(string userId) => BinaryPrimitives.ReadUInt128BigEndian(BytesOf(userId));

    /// <summary>As <see cref="NumberOf"/>, from what <see cref="Of"/> returns.</summary>
    public static UInt128 NumberOfHash(string hash) =>
        UInt128.Parse(hash.AsSpan(0, 2 * NumberBytes), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    /// <summary>A key for another purpose. It is no user's pseudonym: no user id has a control character.</summary>
    /// <exception cref="InvalidOperationException">The key is not set.</exception>
    public byte[] KeyFor(string purpose) => BytesOf($"\0{purpose}");

    private byte[] BytesOf(string userId)
    {
        var key = _key ?? throw new InvalidOperationException("The ledger's key is not set yet.");
        return HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(userId));
    }
}
