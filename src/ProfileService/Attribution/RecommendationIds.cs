using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using ProfileService.Platform;

namespace ProfileService.Attribution;

/// <summary>
/// The ids of recommendations: which model recommended and when, a random number, and a tag that only processes with the key of this record
/// can make. No id is stored, and none says anything of a user.
/// </summary>
internal sealed class RecommendationIds(UserHash keys, TimeProvider time)
{
    /// <summary>Characters of the id of a model with the longest name and version.</summary>
    public const int MaxLength = 200;

    public const string Pattern = "^[A-Za-z0-9_-]+$";

    // base64url of: layout (1 byte), Unix time in seconds (4), random (6), name and version of the model (3 to 129), tag (10)
    private const byte Layout = 1;
    private const int TimeAt = 1;
    private const int RandomAt = TimeAt + sizeof(uint);
    private const int ModelAt = RandomAt + 6;
    private const int TagBytes = 10;
    private const int MaxBytes = MaxLength / 4 * 3;

    private byte[] Key => field ??= keys.KeyFor("recommendation ids");

    /// <summary>A new id for an answer of this model.</summary>
    public string Make(string model)
    {
        Span<byte> id = stackalloc byte[ModelAt + model.Length + TagBytes];
        id[0] = Layout;
        BinaryPrimitives.WriteUInt32LittleEndian(id[TimeAt..], (uint)time.GetUtcNow().ToUnixTimeSeconds());
        RandomNumberGenerator.Fill(id[RandomAt..ModelAt]);
        Encoding.ASCII.GetBytes(model, id[ModelAt..]);
        Tag(id[..^TagBytes], id[^TagBytes..]);
        return Base64Url.EncodeToString(id);
    }

    /// <summary>What the id says; null if it is none of this record's.</summary>
    public RecommendationSource? Read(string text)
    {
        Span<byte> room = stackalloc byte[MaxBytes];
        if (text.Length > MaxLength || text.Any(char.IsWhiteSpace)
            || Base64Url.DecodeFromChars(text, room, out _, out var length) != OperationStatus.Done
            || length <= ModelAt + TagBytes || room[0] != Layout)
            return null;
        var id = room[..length];
        Span<byte> tag = stackalloc byte[TagBytes];
        Tag(id[..^TagBytes], tag);
        return CryptographicOperations.FixedTimeEquals(tag, id[^TagBytes..]) ? Source(id[..^TagBytes]) : null;
    }

    private static RecommendationSource Source(ReadOnlySpan<byte> id) => new(
        Encoding.ASCII.GetString(id[ModelAt..]),
        DateOnly.FromDateTime(DateTime.UnixEpoch.AddSeconds(BinaryPrimitives.ReadUInt32LittleEndian(id[TimeAt..]))));

    private void Tag(ReadOnlySpan<byte> id, Span<byte> tag)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(Key, id, hash);
        hash[..TagBytes].CopyTo(tag);
    }
}
