using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using ProfileService.Platform;

namespace ProfileService.Beacon;

/// <summary>
/// The tokens by which a page sends events of one user: the user's id, when the token was made and when it ends, and a tag that only
/// processes with the key of this database can make. No token is stored.
/// </summary>
internal sealed class PageTokens(UserHash keys, TimeProvider time)
{
    /// <summary>Characters of the token of a user with the longest id.</summary>
    public const int MaxLength = 572;

    // What is signed: layout (1 byte), made at, in Unix time in µs (8), seconds until the end (4), id in UTF-8 (1 to 384)
    private const byte Layout = 1;
    private const int MadeAt = 1;
    private const int SecondsAt = MadeAt + sizeof(long);
    private const int UserAt = SecondsAt + sizeof(int);

    private readonly SignedText _text = new(keys, "page tokens", MaxLength, HMACSHA256.HashSizeInBytes);

    /// <summary>A new token for pages of this user.</summary>
    public PageToken Make(string userId, int seconds)
    {
        var made = EventTime.FromUtc(time.GetUtcNow().UtcDateTime);
        Span<byte> token = stackalloc byte[UserAt + Encoding.UTF8.GetByteCount(userId)];
        token[0] = Layout;
        BinaryPrimitives.WriteInt64LittleEndian(token[MadeAt..], made);
        BinaryPrimitives.WriteInt32LittleEndian(token[SecondsAt..], seconds);
        Encoding.UTF8.GetBytes(userId, token[UserAt..]);
        return new PageToken(_text.Of(token), EventTime.ToUtc(made).AddSeconds(seconds));
    }

    /// <summary>What the token says, which may have ended; null if it is none of this database's.</summary>
    public TokenContent? Read(string text)
    {
        var token = _text.Read(text, stackalloc byte[_text.MaxBytes]);
        return token.Length > UserAt && token[0] == Layout ? Content(token) : null;
    }

    private static TokenContent Content(ReadOnlySpan<byte> token)
    {
        var made = BinaryPrimitives.ReadInt64LittleEndian(token[MadeAt..]);
        var end = EventTime.ToUtc(made).AddSeconds(BinaryPrimitives.ReadInt32LittleEndian(token[SecondsAt..]));
        return new TokenContent(Encoding.UTF8.GetString(token[UserAt..]), made, end);
    }
}

/// <summary>What a token says.</summary>
/// <param name="MadeAt">As the timestamps of events.</param>
internal sealed record TokenContent(string UserId, long MadeAt, DateTime ExpiresAt);

/// <summary>A token for a page, which sends events of one user by it and can do nothing else.</summary>
/// <param name="Token">Goes into the bodies of <c>POST /v1/beacon</c>. Whoever has it can read the user's id in it.</param>
/// <param name="ExpiresAt">When it ends.</param>
internal sealed record PageToken([Text(PageTokens.MaxLength, Base64Text.Pattern)] string Token, DateTime ExpiresAt);
