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

    [Fact]
    public void PersonAndProgramOfOneNameAreTwo()
    {
        var options = new AuthOptions { ConsoleClientId = "console" };
        Assert.Equal("token:recommender", IdOf(options, ("client_id", "recommender"), ("sub", "ada")));
        Assert.Equal("subject:recommender", IdOf(options, ("client_id", "console"), ("sub", "recommender")));
        Assert.Equal("subject:recommender", IdOf(options, ("sub", "recommender")));
    }

    private static string IdOf(string client) => IdOf(new AuthOptions(), ("client_id", client));

    private static string IdOf(AuthOptions options, params (string Type, string Value)[] claims) =>
        Callers.OfToken(new ClaimsPrincipal(new ClaimsIdentity(claims.Select(c => new Claim(c.Type, c.Value)))), options).Rates.Id;
}
