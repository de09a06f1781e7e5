using System.Text;
using System.Text.Json;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Attributes;

public sealed class AttributesApiTests(TestService service) : IClassFixture<TestService>
{
    private static string NewUser => $"user-{Guid.NewGuid():N}";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AttributesAreKeptAsTheyWerePutAndUnusedOnesAreListed()
    {
        var user = NewUser;
        var put = await PutAsync(user, """{ "age": 34, "gender": "female", "shoeSize": 7.5, "vip": true }""");
        Assert.Equal(200, put.Status);
        var got = await service.GetAsync($"/v1/users/{user}/attributes");
        Assert.Equal(put.Json.GetProperty("attributes").GetRawText(), got.Json.GetProperty("attributes").GetRawText());
        Assert.Equal("""{"age":34,"gender":"female","shoeSize":7.5,"vip":true}""", got.Json.GetProperty("attributes").GetRawText());
        Assert.Equal("""["shoeSize","vip"]""", got.Json.GetProperty("unused").GetRawText());
    }

    [Fact]
    public async Task WholeNumbersAreKeptAsTheyAreOrRefused()
    {
        const string most = """{"most":9007199254740992,"least":-9007199254740992,"digits":"9007199254740993"}""";
        var user = NewUser;
        Assert.Equal(most, (await PutAsync(user, most)).Json.GetProperty("attributes").GetRawText());
        Assert.Equal(1e20, (await PutAsync(user, """{"measure":1e20}""")).Json.GetProperty("attributes").GetProperty("measure").GetDouble());
        var large = (await PutAsync(user, """{"large":100001234567890130,"power":36028797018963970}""")).Json.GetProperty("attributes"); // as JavaScript writes them
        Assert.Equal((1.0000123456789013e17, 36028797018963968d), (large.GetProperty("large").GetDouble(), large.GetProperty("power").GetDouble()));
        foreach (var digits in (string[])["9007199254740993", "-9007199254740993", "12345678901234567", $"1{new string('0', 300)}1"])
        {
            var problem = (await PutAsync(user, $$"""{"card":{{digits}}}""")).Problem(400);
            Assert.Equal("value_not_exact", problem.GetProperty("code").GetString());
            Assert.Contains("as a string", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task UserWithAttributesAloneHasAProfileOfLittleEvidence()
    {
        var user = NewUser;
        await PutAsync(user, """{ "age": 34, "gender": "female", "region": "north" }""");
        var profile = (await service.FreshAsync(user)).Json;
        Assert.Equal(0, profile.GetProperty("eventCount").GetInt32());
        Assert.Equal(0.0698, profile.GetProperty("evidence").GetDouble(), 1e-4); // 3 quarters of an event
        Assert.Equal(1, Events.EventsApiTests.Length(profile.GetProperty("vector")), 1e-4);
        Assert.Equal(34, profile.GetProperty("dimensions").GetProperty("attributes").GetProperty("age").GetInt32());
        Assert.False(profile.GetProperty("dimensions").TryGetProperty("interests", out _));
        Assert.False(profile.GetProperty("freshness").TryGetProperty("eventsThrough", out _));
        Assert.False(profile.GetProperty("freshness").GetProperty("stale").GetBoolean());

        await service.AcceptAsync(Event(1, user));
        Assert.Equal(1, (await service.FreshAsync(user)).Json.GetProperty("eventCount").GetInt32());
    }

    [Fact]
    public async Task ChangedAttributesChangeTheVectorAndTheRevision()
    {
        var user = NewUser;
        await service.AcceptAsync(Event(1, user));
        var without = (await service.FreshAsync(user)).Json;
        await PutAsync(user, """{ "age": 20, "gender": "female" }""");
        var young = (await service.FreshAsync(user)).Json;
        await PutAsync(user, """{ "age": 70, "gender": "male" }""");
        var old = (await service.FreshAsync(user)).Json;
        Assert.Equal(3, new[] { without, young, old }.Select(p => p.GetProperty("vector").GetRawText()).Distinct().Count());
        Assert.Equal(
            [1L, 1L],
            [young.GetProperty("revision").GetInt64() - without.GetProperty("revision").GetInt64(), old.GetProperty("revision").GetInt64() - young.GetProperty("revision").GetInt64()]);
    }

    [Fact]
    public async Task AttributesMeetTheModelHoweverTheirNumbersAreWritten()
    {
        var (a, b) = (NewUser, NewUser);
        await PutAsync(a, """{ "age": 34 }""");
        await PutAsync(b, """{ "age": 3.40e1 }""");
        Assert.Equal((await service.FreshAsync(a)).Json.GetProperty("vector").GetRawText(), (await service.FreshAsync(b)).Json.GetProperty("vector").GetRawText());
    }

    [Fact]
    public async Task ManyUsersAreJudgedOneByOne()
    {
        var (good, twice) = (NewUser, NewUser);
        var reply = await service.PostAsync("/v1/attributes", $$"""
            [ { "userId": "{{good}}", "attributes": { "age": 1 } }, { "userId": "", "attributes": {} }, { "attributes": {} }, { "userId": "x" }, 7,
              { "userId": "{{twice}}", "attributes": { "age": 1 } }, { "userId": "{{twice}}", "attributes": { "age": 2 } }, { "userId": "x", "attributes": { "tags": [] } } ]
            """);
        Assert.Equal(200, reply.Status);
        Assert.Equal((3, 5), (reply.Json.GetProperty("accepted").GetInt32(), reply.Json.GetProperty("rejected").GetInt32()));
        Assert.Equal([1, 2, 3, 4, 7], reply.Json.GetProperty("problems").EnumerateArray().Select(p => p.GetProperty("index").GetInt32()));
        Assert.Equal("attributes.tags", reply.Json.GetProperty("problems")[4].GetProperty("field").GetString());
        Assert.Equal(1, (await AttributesAsync(good)).GetProperty("age").GetInt32());
        Assert.Equal(2, (await AttributesAsync(twice)).GetProperty("age").GetInt32());
    }

    [Theory]
    [InlineData("""[1]""", "attributes")]
    [InlineData("""{ "tags": ["a"] }""", "attributes.tags")]
    [InlineData("""{ "age": 1, "age": 2 }""", "attributes.age")]
    [InlineData("""{ "age": null, "age": 2 }""", "attributes.age")]
    [InlineData("""{ "age": 1e999 }""", "attributes.age")]
    [InlineData("""{ "age": 9007199254740993 }""", "attributes.age")]
    [InlineData("""{ "age": -9007199254740993 }""", "attributes.age")]
    [InlineData("""{ "age": 100000000000000000001 }""", "attributes.age")]
    [InlineData("""{ "": 1 }""", "attributes.")]
    [InlineData("""{ "a\u0000": 1 }""", "attributes.a\0")]
    [InlineData("""{ "a": "\ud800" }""", "attributes.a")]
    [InlineData("""{ "\udc00": 1 }""", "attributes")]
    public async Task BadAttributeIsNamedAndNothingChanges(string body, string field)
    {
        var user = NewUser;
        await PutAsync(user, """{ "age": 1 }""");
        var revision = await RevisionAsync(user);
        Assert.Equal(field, (await PutAsync(user, body)).Problem(400).GetProperty("field").GetString());
        Assert.Equal(1, (await AttributesAsync(user)).GetProperty("age").GetInt32());
        Assert.Equal(revision, await RevisionAsync(user));
    }

    [Fact]
    public async Task TooManyAndTooLongAreRefusedAndTheMostAllowedIsNot()
    {
        var user = NewUser;
        Assert.Equal(200, (await PutAsync(user, Many(64))).Status);
        Assert.Equal("attributes.a64", (await PutAsync(user, Many(65))).Problem(400).GetProperty("field").GetString());
        Assert.Equal(200, (await PutAsync(user, $$"""{ "a": "{{new string('x', 256)}}" }""")).Status);
        Assert.Equal("text_too_long", (await PutAsync(user, $$"""{ "a": "{{new string('x', 257)}}" }""")).Problem(400).GetProperty("code").GetString());
        Assert.Equal("control_character", (await PutAsync(user, """{ "a": "x\u0000" }""")).Problem(400).GetProperty("code").GetString());
        (await PutAsync(user, $$"""{ "{{new string('n', 65)}}": 1 }""")).Problem(400);
        (await service.PostAsync("/v1/attributes", $"[{string.Join(',', Enumerable.Repeat("7", 1_001))}]")).Problem(413);
        (await PutAsync(user, "{ broken")).Problem(400);

        static string Many(int count) => JsonSerializer.Serialize(Enumerable.Range(0, count).ToDictionary(i => $"a{i}", i => i));
    }

    [Fact]
    public async Task UserWithoutAttributesIs404() => (await service.GetAsync($"/v1/users/{NewUser}/attributes")).Problem(404);

    private async Task<Reply> PutAsync(string user, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await service.Client.PutAsync(new Uri($"/v1/users/{Uri.EscapeDataString(user)}/attributes", UriKind.Relative), content, Token);
        return new Reply((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, await response.Content.ReadAsByteArrayAsync(Token), new Dictionary<string, string>());
    }

    private async Task<JsonElement> AttributesAsync(string user) => (await service.GetAsync($"/v1/users/{user}/attributes")).Json.GetProperty("attributes");

    private async Task<long> RevisionAsync(string user) => (await service.GetAsync($"/v1/users/{user}/window")).Json.GetProperty("revision").GetInt64();
}
