using System.Security.Cryptography;
using ProfileService.Storage;

namespace ProfileService.Auth;

/// <summary>A key as it is kept in memory, with the caller that it stands for.</summary>
internal sealed class KnownKey(ApiKeyRow row, AuthOptions options)
{
    public ApiKeyRow Row { get; } = row;

    public Caller Caller { get; } = Callers.OfKey(row, options);

    private long _usedAt;

    /// <summary>Compares in a time that does not depend on where the keys differ.</summary>
    public bool Is(ReadOnlySpan<char> key) => CryptographicOperations.FixedTimeEquals(ApiKey.Hash(key), Row.Hash);

    /// <summary>
    /// Why the key lets nobody in, or null. A key is never revoked for later, and the clock of whoever revoked it may be ahead.
    /// </summary>
    public AuthFailure? FailureAt(DateTimeOffset now) =>
        Row.RevokedAt is not null ? AuthFailure.Revoked
        : Row.ExpiresAt <= now.UtcDateTime ? AuthFailure.Expired
        : null;

    public void UsedAt(DateTimeOffset now) => Volatile.Write(ref _usedAt, now.UtcTicks);

    /// <summary>When this process last saw the key; null if it did not.</summary>
    public DateTime? LastUsedAt => Volatile.Read(ref _usedAt) is > 0 and var ticks ? new DateTime(ticks, DateTimeKind.Utc) : null;
}
