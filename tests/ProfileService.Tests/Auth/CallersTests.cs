using System.Security.Claims;
using System.Text;
using ProfileService.Auth;

namespace ProfileService.Tests.Auth;

/// <summary>What becomes of the ids that a provider writes into its tokens: they go into the audit log, whose columns are UTF-8.</summary>
public sealed class CallersTests
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    [Fact]
    public void IdIsTextThatEveryStoreTakes()
    {
        (string Id, string Expected)[] ids = // no InlineData, which would have to be UTF-8 itself
        [
            ("recommender", "recommender"),
            ("re\ncommen\u0085der", "recommender"),
            ("a\ud83d", "a\ufffd"),
            ("\ude00a", "\ufffda"),
        ];
        Assert.All(ids, id => Assert.Equal($"token:{id.Expected}", IdOf(id.Id)));
    }

    [Fact]
    public void LongIdIsCutBetweenCharactersWhereverTheyLie()
    {
        for (var before = 120; before <= 130; before++)
        {
            var id = IdOf($"{new string('a', before)}{string.Concat(Enumerable.Repeat("\U0001f600", 20))}");
            Assert.InRange(id["token:".Length..].Length, 127, 128);
            Assert.Equal(id, Strict.GetString(Strict.GetBytes(id)));
        }
    }

    private static string IdOf(string client) =>
        Callers.OfToken(new ClaimsPrincipal(new ClaimsIdentity([new("client_id", client)])), new AuthOptions()).Rates.Id;
}
