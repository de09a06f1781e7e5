using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using ProfileService.Platform;

namespace ProfileService.Attribution;

/// <summary>
/// The ids of recommendations: which model recommended and when, a random number, and a tag that only processes with the key of this
/// database can make. No id is stored, and none says anything of a user.
/// </summary>
internal sealed class RecommendationIds(UserHash keys, TimeProvider time)
{
    /// <summary>Characters of the id of a model with the longest name and version.</summary>
    public const int MaxLength = 200;

    // What is signed: layout (1 byte), Unix time in seconds (4), random (6), name and version of the model (3 to 129)
    private const byte Layout = 1;
    private const int TimeAt = 1;
    private const int RandomAt = TimeAt + sizeof(uint);
    private const int ModelAt = RandomAt + 6;
    private const int TagBytes = 10;

    private readonly SignedText _text = new(keys, "recommendation ids", MaxLength, TagBytes);

    /// <summary>A new id for an answer of this model.</summary>
    public string Make(string model)
    {
        Span<byte> id = stackalloc byte[ModelAt + model.Length];
        id[0] = Layout;
        BinaryPrimitives.WriteUInt32LittleEndian(id[TimeAt..], (uint)time.GetUtcNow().ToUnixTimeSeconds());
        RandomNumberGenerator.Fill(id[RandomAt..ModelAt]);
        Encoding.ASCII.GetBytes(model, id[ModelAt..]);
        return _text.Of(id);
    }

    /// <summary>What the id says; null if it is none of this database's.</summary>
    public RecommendationSource? Read(string text)
    {
        var id = _text.Read(text, stackalloc byte[_text.MaxBytes]);
        return id.Length > ModelAt && id[0] == Layout ? Source(id) : null;
    }

    private static RecommendationSource Source(ReadOnlySpan<byte> id) => new(
        Encoding.ASCII.GetString(id[ModelAt..]),
        DateOnly.FromDateTime(DateTime.UnixEpoch.AddSeconds(BinaryPrimitives.ReadUInt32LittleEndian(id[TimeAt..]))));
}
