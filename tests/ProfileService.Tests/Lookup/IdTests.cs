using System.Text;
using System.Text.Json;
using ProfileService.Tests.Host;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Lookup;

/// <summary>Any id that one address takes in is found at every address; what no address can hold is taken in by none.</summary>
public sealed class IdTests(TestService service) : IClassFixture<TestService>
{
    private static readonly string[] Reserved = [".", ".."];

    private static readonly string[] Odd =
    [
        "a/b", "/", "//", "a/", "/a", "../a", "a/..", "a/../b", "./a", "...", ".a", "a.", "a..", ". ", " .", "%", "%%", "%2", "%2F", "%2f", "%252F", "a%2Fb/c", "%2e%2e", "%2E", "%00", "%zz",
        "+", "a+b", "a b", " ", "  a  ", "?", "a?b=c", "#", "a#b", "&", "=", ";", "a;b", ":", "http://x/y?z", "\\", "a\\b", "..\\x", "\"", "'", "<script>", "{userId}", "{0}", "*", "~", "@", "|", "^", "`",
        "ü", "日本/語", "😀", "e\u0301", "\u00a0", "\u200b", "\u202e", "\u2028", "\ufeff", "\uffff", "profile", "attributes", "window", "v1", "null", "undefined", "0", "-1", "true",
    ];

    public static TheoryData<string> Ids
    {
        get
        {
            var ids = new TheoryData<string>([.. Odd, new string('x', 128), new string('ü', 128), new string('/', 128), string.Concat(Enumerable.Repeat("😀", 64))]);
            var random = new Random(18);
            const string Alphabet = "./%2EFf?#&+ ü\\:";
            for (var i = 0; i < 100; i++)
                ids.Add(string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => Alphabet[random.Next(Alphabet.Length)])));
            return ids;
        }
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task IdThatIsTakenIsFoundAtEveryAddress(string id)
    {
        if (Reserved.Contains(id))
            return; // the test below
        var path = Uri.EscapeDataString(id);
        Assert.Equal(202, (await service.PostAsync("/v1/events", Event(1, id, item: id).Json())).Status);
        Assert.Equal(200, (await service.PostAsync("/v1/items", JsonSerializer.Serialize(new { itemId = id, price = 1 }))).Status);
        Assert.Equal(200, (await service.PostAsync("/v1/attributes", JsonSerializer.Serialize(new { userId = id, attributes = new { age = 1 } }))).Status);

        foreach (var address in new[] { "profile?fresh=true", "profile?include=explanation", "window", "explanation", "attributes", "recommendations", "predictions", "similar" })
        {
            var reply = await service.GetAsync($"/v1/users/{path}/{address}");
            Assert.True(reply.Status == 200, $"{address}: {reply.Status} {Encoding.UTF8.GetString(reply.Body)}");
            Assert.Equal(id, reply.Json.GetProperty("userId").GetString());
        }

        Assert.Equal(id, (await service.GetAsync($"/v1/items/{path}")).Json.GetProperty("itemId").GetString());
        Assert.Equal(id, (await service.PutAsync($"/v1/items/{path}", "{}")).Json.GetProperty("itemId").GetString());
        Assert.Equal(id, (await service.PutAsync($"/v1/users/{path}/attributes", "{}")).Json.GetProperty("userId").GetString());
        var found = (await service.PostAsync("/v1/profiles/lookup", JsonSerializer.Serialize(new { userIds = new[] { id } }))).Json;
        Assert.Equal(id, found.GetProperty("profiles")[0].GetProperty("userId").GetString());
        Assert.Contains(id, (await service.GetAsync($"/v1/users?prefix={path}&count=1000")).Json.GetProperty("users").EnumerateArray().Select(u => u.GetString()));
    }

    [Theory]
    [InlineData(".")]
    [InlineData("..")]
    public async Task IdThatNoAddressCanHoldIsTakenInNowhere(string id)
    {
        var at = """ "kind":"view","timestamp":"2026-11-01" """;
        foreach (var (path, body, field) in new[]
        {
            ("/v1/events", $$"""{"userId":"{{id}}","itemId":"i",{{at}}}""", "userId"),
            ("/v1/events", $$"""{"userId":"u","itemId":"{{id}}",{{at}}}""", "itemId"),
            ("/v1/events", $$"""{"userId":"u","itemId":"i","eventId":"{{id}}",{{at}}}""", "eventId"),
            ("/v1/items", $$"""{"itemId":"{{id}}"}""", "itemId"),
            ("/v1/attributes", $$$"""{"userId":"{{{id}}}","attributes":{}}""", "userId"),
            ("/v1/profiles/lookup", $$"""{"userIds":["u","{{id}}"]}""", "userIds[1]"),
        })
        {
            var problem = (await service.PostAsync(path, body)).Problem(400);
            Assert.Equal(("reserved_id", field), (problem.GetProperty("code").GetString(), problem.GetProperty("field").GetString()));
            Assert.Contains($"{field} must not be . or ..", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task NameThatNoAddressHoldsMayBeADot()
    {
        var item = $"item-{Guid.NewGuid():N}";
        Assert.Equal(202, (await service.PostAsync("/v1/events", Event(1, "dotted", category: ".").Json())).Status);
        Assert.Equal(200, (await service.PutAsync($"/v1/items/{item}", """{"categories":["."],"labels":[".."]}""")).Status);
        Assert.Equal(200, (await service.GetAsync("/v1/users/dotted/recommendations?categories=..")).Status);
    }

    // The server resolves . and .. before it looks for a route, however they are written; the id is then read where the route has it.
    [Theory]
    [InlineData("/v1/users/a%2Fdots/profile/x/..", "a/dots")]
    [InlineData("/v1/users/a%2Fdots/profile/.", "a/dots")]
    [InlineData("/v1/users/other/../a%2Fdots/window", "a/dots")]
    [InlineData("/v1/./users/a%2Fdots/%2e/window", "a/dots")]
    [InlineData("/v1/users/%2e%2e/users/a%2Fdots/window", "a/dots")]
    [InlineData("http://AUTHORITY/v1/users/a%252Fdots/window", "a%2Fdots")]
    [InlineData("/v1/users/a%2fdots/window?", "a/dots")]
    [InlineData("/v1/users/a%252Fdots/window", "a%2Fdots")]
    public async Task IdIsThatOfTheRouteHoweverTheAddressIsWritten(string target, string user)
    {
        await service.AcceptAsync(Event(1, user, id: $"{Guid.NewGuid():N}"));
        await service.FreshAsync(user);
        var line = $"GET {target.Replace("AUTHORITY", service.Client.BaseAddress!.Authority, StringComparison.Ordinal)} HTTP/1.1";
        var answer = await RawRequest.SendAsync(service.Client.BaseAddress!, line);
        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
        Assert.Contains($"\"userId\":{JsonSerializer.Serialize(user)}", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/users/%2e/window", 405)] // that of a user called window, whom it would not get
    [InlineData("/v1/users/../window", 404)]
    [InlineData("/v1/items/%2E%2e", 404)]
    public async Task AddressOfADotIsNoneOfAnId(string target, int status) =>
        Assert.StartsWith($"HTTP/1.1 {status}", await RawRequest.SendAsync(service.Client.BaseAddress!, $"GET {target} HTTP/1.1"), StringComparison.Ordinal);
}
