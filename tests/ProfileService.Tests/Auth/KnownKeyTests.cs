using ProfileService.Auth;
using ProfileService.Storage;

namespace ProfileService.Tests.Auth;

/// <summary>When a key lets nobody in.</summary>
public sealed class KnownKeyTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);

    /// <summary>By the clock of whoever revoked it, which may be ahead of the service's.</summary>
    [Theory]
    [InlineData(-60)]
    [InlineData(60)]
    public void RevokedKeyLetsNobodyInWhateverTheClock(int seconds) =>
        Assert.Equal(AuthFailure.Revoked, FailureOf(revokedAt: Now.AddSeconds(seconds)));

    [Fact]
    public void KeyThatEndsLaterStillLetsIn() => Assert.Null(FailureOf(expiresAt: Now.AddSeconds(60)));

    private static AuthFailure? FailureOf(DateTimeOffset? revokedAt = null, DateTimeOffset? expiresAt = null)
    {
        var row = new ApiKeyRow
        {
            Id = "000000000000",
            Name = "test",
            Hash = [],
            Scopes = "",
            CreatedAt = Now.UtcDateTime.AddDays(-1),
            RevokedAt = revokedAt?.UtcDateTime,
            ExpiresAt = expiresAt?.UtcDateTime,
        };
        return new KnownKey(row, new AuthOptions()).FailureAt(Now);
    }
}
