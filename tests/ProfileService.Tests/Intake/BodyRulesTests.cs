using System.IO.Compression;
using System.Text;
using System.Text.Json;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Intake;

/// <summary>What the addresses that take many have in common: of names that are unknown, repeated or null, and of bodies.</summary>
public sealed class BodyRulesTests(TestService service) : IClassFixture<TestService>
{
    private const string Ndjson = "application/x-ndjson";
    private const string At = """ "kind":"view","timestamp":"2026-11-01" """;

    public static TheoryData<string, string> Entries => new()
    {
        { "/v1/events", $$"""{"userId":"u","itemId":"i",{{At}}}""" },
        { "/v1/items", """{"itemId":"i"}""" },
        { "/v1/attributes", """{"userId":"u","attributes":{}}""" },
    };

    [Theory]
    [MemberData(nameof(Entries))]
    public async Task ObjectArrayAndStreamAreTakenAlike(string path, string entry)
    {
        foreach (var (body, type, accepted, rejected) in new[]
        {
            (entry, "application/json", 1, 0), ($"[{entry}]", "application/json", 1, 0), (entry, Ndjson, 1, 0), ("[]", "application/json", 0, 0),
            ($"[7,{entry}]", "application/json", 1, 1), ($"7\n{entry}", Ndjson, 1, 1),
        })
        {
            var reply = (await service.PostAsync(path, body, type)).Json;
            Assert.Equal((accepted, rejected), (reply.GetProperty("accepted").GetInt32() + Duplicates(reply), reply.GetProperty("rejected").GetInt32()));
        }

        foreach (var (body, type) in new[] { ("[7,{}]", "application/json"), ("7\n{}", Ndjson), ("{}", "application/json"), ("x\n[", Ndjson) })
        {
            var problem = (await service.PostAsync(path, body, type)).Problem(400);
            Assert.Equal(0, problem.GetProperty("accepted").GetInt32());
            Assert.Equal(problem.GetProperty("problems")[0].GetProperty("code").GetString(), problem.GetProperty("code").GetString());
        }

        Assert.Equal("empty_body", (await service.PostAsync(path, "")).Problem(400).GetProperty("code").GetString());
        Assert.Equal("malformed_json", (await service.PostAsync(path, "{")).Problem(400).GetProperty("code").GetString());
        Assert.Equal("too_large", (await service.PostAsync(path, $"[{string.Join(',', Enumerable.Repeat("7", 1_001))}]")).Problem(413).GetProperty("code").GetString());
    }

    [Theory]
    [MemberData(nameof(Entries))]
    public async Task GzipIsTakenAsWhatItStandsFor(string path, string entry)
    {
        foreach (var (body, type) in new[] { ($"[{entry}]", "application/json"), (entry, "application/json"), ($"{entry}\n{entry}", Ndjson) })
        {
            var reply = (await PostPackedAsync(path, Packed(body), type)).Json;
            Assert.Equal(0, reply.GetProperty("rejected").GetInt32());
            Assert.NotEqual(0, reply.GetProperty("accepted").GetInt32() + Duplicates(reply));
        }

        var packed = Packed($"[{entry}]");
        foreach (var bad in new[] { packed[..^9], packed[..12], Encoding.UTF8.GetBytes($"[{entry}]"), [.. packed[..^8], .. new byte[8]] })
            Assert.Equal("malformed_gzip", (await PostPackedAsync(path, bad, "application/json")).Problem(400).GetProperty("code").GetString());
        var line = Packed($"{entry}\n");
        foreach (var behind in new byte[][] { [0], [(byte)'x'], [0, .. line], [.. line[1..]], Encoding.UTF8.GetBytes(entry), new byte[20_000] })
        {
            Assert.Equal("malformed_gzip", (await PostPackedAsync(path, [.. packed, .. behind], "application/json")).Problem(400).GetProperty("code").GetString());
            Assert.Equal("malformed_gzip", (await PostPackedAsync(path, [.. line, .. behind], Ndjson)).Problem(400).GetProperty("code").GetString());
        }

        Assert.InRange((await PostPackedAsync(path, [.. line, .. line], Ndjson)).Status, 200, 202);
        Assert.Equal("empty_body", (await PostPackedAsync(path, Packed(""), "application/json")).Problem(400).GetProperty("code").GetString());
    }

    [Theory]
    [MemberData(nameof(Entries))]
    public async Task FewBytesThatStandForVeryManyAreRefused(string path, string entry)
    {
        var blank = new string(' ', 100_000_000);
        Assert.Equal("too_large", (await PostPackedAsync(path, Packed($"{entry}\n{blank.Replace(' ', '\n')}"), Ndjson)).Problem(413).GetProperty("code").GetString());
        Assert.Equal("too_large", (await PostPackedAsync(path, Packed($"[{blank}{entry}]"), "application/json")).Problem(413).GetProperty("code").GetString());
    }

    [Theory]
    [MemberData(nameof(Entries))]
    public async Task VeryManyBytesThatStandForNothingAreRefused(string path, string entry)
    {
        byte[] emptyBlock = [0, 0, 0, 0xff, 0xff];
        var body = new List<byte>(Packed(entry)[..10]); // the header
        for (var i = 0; i < 1 << 19; i++)
            body.AddRange(emptyBlock);
        Assert.Equal("too_large", (await PostPackedAsync(path, [.. body], "application/json")).Problem(413).GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("/v1/events", $$"""{"userId":"u","userId":"u","itemId":"i",{{At}}}""", "userId")]
    [InlineData("/v1/events", $$"""{"userId":"u","userId":null,"itemId":"i",{{At}}}""", "userId")]
    [InlineData("/v1/events", $$"""{"value":null,"value":1,"userId":"u","itemId":"i",{{At}}}""", "value")]
    [InlineData("/v1/events", $$"""{"userId":"u","\u0075serId":"v","itemId":"i",{{At}}}""", "userId")]
    [InlineData("/v1/events", $$"""{"categories":["a"],"categories":["b"],"userId":"u","itemId":"i",{{At}}}""", "categories")]
    [InlineData("/v1/items", """{"itemId":"i","itemId":"i"}""", "itemId")]
    [InlineData("/v1/items", """{"itemId":"i","price":1,"price":null}""", "price")]
    [InlineData("/v1/items", """{"itemId":"i","title":"a","t\u0069tle":"b"}""", "title")]
    [InlineData("/v1/attributes", """{"userId":"u","userId":"u","attributes":{}}""", "userId")]
    [InlineData("/v1/attributes", """{"userId":"u","attributes":null,"attributes":{}}""", "attributes")]
    [InlineData("/v1/attributes", """{"userId":"u","attributes":{"age":1,"age":1}}""", "attributes.age")]
    [InlineData("/v1/profiles/lookup", """{"userIds":[],"userIds":["u"]}""", "userIds")]
    public async Task NameThatStandsTwiceIsRefused(string path, string body, string field)
    {
        var problem = (await service.PostAsync(path, body)).Problem(400);
        Assert.Equal(("repeated_field", field), (problem.GetProperty("code").GetString(), problem.GetProperty("field").GetString()));
    }

    [Theory]
    [InlineData("/v1/events", $$"""{"userId":null,"itemId":null,{{At}}}""", "userId and itemId are required.")]
    [InlineData("/v1/events", """{}""", "userId, kind, itemId and timestamp are required.")]
    [InlineData("/v1/items", """{"itemId":null}""", "itemId is required.")]
    [InlineData("/v1/attributes", """{"userId":null,"attributes":{}}""", "userId is required.")]
    [InlineData("/v1/attributes", """{"userId":"u","attributes":null}""", "attributes is required.")]
    [InlineData("/v1/attributes", """{}""", "userId and attributes are required.")]
    [InlineData("/v1/profiles/lookup", """{"userIds":null}""", "userIds is required. It is an array of strings.")]
    public async Task NullIsAsGoodAsLeftOutAndAllThatIsMissingIsNamed(string path, string body, string detail)
    {
        var problem = (await service.PostAsync(path, body)).Problem(400);
        Assert.Equal("missing_field", problem.GetProperty("code").GetString());
        Assert.EndsWith(detail, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/events", $$"""{"userId":"u","itemId":"i","eventId":null,"categories":null,"value":null,"text":null,{{At}}}""")]
    [InlineData("/v1/items", """{"itemId":"i","categories":null,"price":null,"title":null,"labels":null,"content":null}""")]
    [InlineData("/v1/attributes", """{"userId":"u","attributes":{"age":null,"vip":true}}""")]
    public async Task NullIsTakenWhereAFieldMayBeLeftOut(string path, string body) => Assert.InRange((await service.PostAsync(path, body)).Status, 200, 202);

    [Fact]
    public async Task AttributeThatIsNullIsNotKept()
    {
        var put = await service.PutAsync("/v1/users/nulls/attributes", """{"age":null,"vip":true}""");
        Assert.Equal("""{"vip":true}""", put.Json.GetProperty("attributes").GetRawText());
    }

    [Theory]
    [InlineData("/v1/items", """{"itemId":"i","prise":1}""", "prise", "price")]
    [InlineData("/v1/items", """{"itemId":"i","category":["a"]}""", "category", "categories")]
    [InlineData("/v1/attributes", """{"userId":"u","attributs":{}}""", "attributs", "attributes")]
    [InlineData("/v1/attributes", """{"userid":"u","attributes":{}}""", "userid", "userId")]
    [InlineData("/v1/profiles/lookup", """{"userIds":[],"fresh":true}""", "fresh", "userIds")]
    [InlineData("/v1/profiles/lookup", """{"users":["u"]}""", "users", "userIds")]
    public async Task FieldThatADoorDoesNotKnowIsRefusedAndTheNearestNamed(string path, string body, string field, string nearest)
    {
        var problem = (await service.PostAsync(path, body)).Problem(400);
        Assert.Equal(("unknown_parameter", field), (problem.GetProperty("code").GetString(), problem.GetProperty("field").GetString()));
        Assert.Matches($"{field} is not a field of an? [a-z]+, which has {nearest}", problem.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task SingleItemMayNotHaveAFieldThatThereIsNotEither() =>
        Assert.Equal("unknown_parameter", (await service.PutAsync("/v1/items/i1", """{"prise":1}""")).Problem(400).GetProperty("code").GetString());

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task EventsAreTakenWithoutFieldsThatNobodyReadsAndTheAnswerNamesThem(bool isStream)
    {
        var many = string.Join(',', Enumerable.Range(0, 40).Select(i => $"\"field{i}\":{{\"secret\":\"{i}\"}}"));
        string[] events =
        [
            $$"""{"userId":"u","itemId":"i1","page":3,"UserId":"x",{{At}}}""", $$"""{"userId":"u","itemId":"i2","page":4,{{At}}}""",
            $$"""{"userId":"u","itemId":"i3","{{new string('n', 500)}}":"secret","p\u0061ge":1,{{many}},{{At}}}""",
        ];
        var reply = await service.PostAsync("/v1/events", isStream ? string.Join('\n', events) : $"[{string.Join(',', events)}]", isStream ? Ndjson : "application/json");
        Assert.Equal(202, reply.Status);
        var names = reply.Json.GetProperty("unknownFields").EnumerateArray().Select(n => n.GetString()!).ToList();
        Assert.Equal(["page", "UserId", new string('n', 64), "field0"], names[..4]);
        Assert.Equal(16, names.Count);
        Assert.DoesNotContain("secret", reply.Json.GetRawText(), StringComparison.Ordinal);

        var alone = (await service.PostAsync("/v1/events", """{"UserId":"u"}""")).Problem(400);
        Assert.Equal("UserId", alone.GetProperty("unknownFields")[0].GetString());
    }

    [Fact]
    public async Task AnswerToEventsThatAreAllKnownNamesNothing() =>
        Assert.False((await service.PostAsync("/v1/events", Event(1).Json())).Json.TryGetProperty("unknownFields", out _));

    [Fact]
    public async Task EventsWithUnknownFieldsAreRejectedWhereTheSettingSaysSo()
    {
        using var strict = new TestService(("Events:UnknownFields", "Reject"));
        var reply = await strict.PostAsync("/v1/events", $$"""[{"userId":"u","itemId":"i","categorys":["a"],{{At}}},{"userId":"u","itemId":"i",{{At}}}]""");
        Assert.Equal(202, reply.Status);
        var problem = Assert.Single(reply.Json.GetProperty("problems").EnumerateArray());
        Assert.Equal(("unknown_field", "categorys", 0), (problem.GetProperty("code").GetString(), problem.GetProperty("field").GetString(), problem.GetProperty("index").GetInt32()));
        Assert.Contains("which has categories,", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.False(reply.Json.TryGetProperty("unknownFields", out _));
    }

    private static int Duplicates(JsonElement reply) => reply.TryGetProperty("duplicates", out var duplicates) ? duplicates.GetInt32() : 0;

    private Task<Reply> PostPackedAsync(string path, byte[] body, string type) => service.PostAsync(path, body, type, ("Content-Encoding", "gzip"));

    private static byte[] Packed(string body)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize))
            gzip.Write(Encoding.UTF8.GetBytes(body));
        return packed.ToArray();
    }
}
