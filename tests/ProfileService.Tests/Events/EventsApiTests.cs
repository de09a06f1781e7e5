using System.Text;
using System.Text.Json;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Events;

public sealed class EventsApiTests(TestService service) : IClassFixture<TestService>
{
    private const string Ndjson = "application/x-ndjson";

    private static string NewUser => $"user-{Guid.NewGuid():N}";

    [Fact]
    public async Task OneObjectIsTaken()
    {
        var reply = await service.PostAsync("/v1/events", Event(user: NewUser).Json());
        Assert.Equal(202, reply.Status);
        Assert.Equal("""{"accepted":1,"duplicates":0,"late":0,"erased":0,"rejected":0,"problems":[]}""", reply.Json.GetRawText());
    }

    [Fact]
    public async Task VerdictsArePerEvent()
    {
        var user = NewUser;
        var future = Event(100.0 * 365 * 86_400, user).Json();
        var reply = await service.PostAsync("/v1/events", $"[{Event(1, user).Json()},{Event(1, user).Json()},{Event(-91 * 86_400, user).Json()},{future},{Event(2, user).Json()}]");
        Assert.Equal(202, reply.Status);
        Assert.Equal((2, 1, 1, 1), Counts(reply.Json));
        var problem = reply.Json.GetProperty("problems")[0];
        Assert.Equal(3, problem.GetProperty("index").GetInt32());
        Assert.Equal("timestamp_in_future", problem.GetProperty("code").GetString());
        Assert.Equal("timestamp", problem.GetProperty("field").GetString());
        Assert.Equal(2, (await WindowAsync(user)).GetArrayLength());
    }

    [Fact]
    public async Task NdjsonIsTakenLineByLine()
    {
        var user = NewUser;
        var lines = $"{Event(1, user).Json()}\r\n\n  \n{{broken\n{Event(2, user).Json()} trailing\n{Event(3, user).Json()}";
        var reply = await service.PostAsync("/v1/events", lines, Ndjson);
        Assert.Equal(202, reply.Status);
        Assert.Equal((2, 0, 0, 2), Counts(reply.Json));
        Assert.Equal([1, 2], reply.Json.GetProperty("problems").EnumerateArray().Select(p => p.GetProperty("index").GetInt32()));
        Assert.Equal(2, (await WindowAsync(user)).GetArrayLength());
    }

    [Fact]
    public async Task MoreLinesThanOneBatchAreAllTaken()
    {
        var users = Enumerable.Range(0, 50).Select(_ => NewUser).ToArray();
        var lines = Enumerable.Range(0, 3_500).Select(i => Event(i, users[i % users.Length]).Json());
        var reply = await service.PostAsync("/v1/events", string.Join('\n', lines), Ndjson);
        Assert.Equal((3_500, 0, 0, 0), Counts(reply.Json));
        Assert.Equal(70, (await WindowAsync(users[7])).GetArrayLength());
    }

    [Fact]
    public async Task LineThatIsTooLongIsSkippedAlone()
    {
        var user = NewUser;
        var tooLong = Event(2, user, text: new string('x', 10_000_000)).Json();
        var reply = await service.PostAsync("/v1/events", $"{Event(1, user).Json()}\n{tooLong}\n{Event(3, user).Json()}\n", Ndjson);
        Assert.Equal((2, 0, 0, 1), Counts(reply.Json));
        Assert.Equal("event_too_large", reply.Json.GetProperty("problems")[0].GetProperty("code").GetString());
        Assert.Equal(2, (await WindowAsync(user)).GetArrayLength());
    }

    [Fact]
    public async Task TenMegabyteStringInAnArrayCostsTheOthersNothing()
    {
        var user = NewUser;
        var reply = await service.PostAsync("/v1/events", $"[{Event(1, user).Json()},{Event(2, user, text: new string('x', 10_000_000)).Json()},{Event(3, user).Json()}]");
        Assert.Equal((2, 0, 0, 1), Counts(reply.Json));
        Assert.Equal("text_too_long", reply.Json.GetProperty("problems")[0].GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("userId", "5", "wrong_type")]
    [InlineData("userId", "null", "missing_field")]
    [InlineData("userId", "\"\"", "invalid_length")]
    [InlineData("userId", "\"a\\u0000b\"", "control_character")]
    [InlineData("userId", "\"a\\u0085b\"", "control_character")]
    [InlineData("userId", "\"a\\ud800b\"", "invalid_text")]
    [InlineData("userId", "\".\"", "reserved_id")]
    [InlineData("itemId", "\"..\"", "reserved_id")]
    [InlineData("eventId", "\"\\u002e\"", "reserved_id")]
    [InlineData("itemId", "\"\\n\"", "control_character")]
    [InlineData("itemId", "{\"a\":[1]}", "wrong_type")]
    [InlineData("eventId", "[]", "wrong_type")]
    [InlineData("kind", "\"stare\"", "unknown_kind")]
    [InlineData("timestamp", "\"yesterday\"", "invalid_timestamp")]
    [InlineData("timestamp", "1700000000", "invalid_timestamp")]
    [InlineData("timestamp", "true", "wrong_type")]
    [InlineData("timestamp", "\"1969-12-31T23:59:59Z\"", "timestamp_too_early")]
    [InlineData("timestamp", "\"9999-12-31T23:59:59Z\"", "timestamp_in_future")]
    [InlineData("timestamp", "\"2026-02-30T00:00:00Z\"", "invalid_timestamp")]
    [InlineData("categories", "\"shoes\"", "wrong_type")]
    [InlineData("categories", "[\"a\",\"b\",\"c\",\"d\",\"e\",\"f\",\"g\",\"h\",\"i\"]", "too_many_categories")]
    [InlineData("categories", "[1]", "wrong_type")]
    [InlineData("categories", "[[\"a\"]]", "wrong_type")]
    [InlineData("value", "1e999", "value_not_finite")]
    [InlineData("value", "-1e999", "value_not_finite")]
    [InlineData("value", "\"NaN\"", "wrong_type")]
    [InlineData("value", "true", "wrong_type")]
    [InlineData("text", "7", "wrong_type")]
    [InlineData("text", "\"a\\u0000b\"", "control_character")]
    [InlineData("text", "\"\\udc00\"", "invalid_text")]
    public async Task BadFieldIsNamedAndCostsTheOtherEventNothing(string field, string json, string code)
    {
        var user = NewUser;
        var fields = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(Event(2, user).Json())!.ToDictionary(f => f.Key, f => f.Value.GetRawText());
        fields[field] = json;
        var bad = "{" + string.Join(',', fields.Select(f => $"\"{f.Key}\":{f.Value}")) + "}";

        var beside = await service.PostAsync("/v1/events", $"[{bad},{Event(1, user).Json()}]");
        Assert.Equal(202, beside.Status);
        Assert.Equal((1, 0, 0, 1), Counts(beside.Json));
        AssertProblem(beside.Json);

        var alone = (await service.PostAsync("/v1/events", bad)).Problem(400);
        Assert.Equal((0, 0, 0, 1), Counts(alone));
        AssertProblem(alone);

        void AssertProblem(JsonElement reply)
        {
            var problem = reply.GetProperty("problems")[0];
            Assert.Equal(code, problem.GetProperty("code").GetString());
            Assert.StartsWith(field, problem.GetProperty("field").GetString()!, StringComparison.Ordinal);
            Assert.Contains(field, problem.GetProperty("detail").GetString()!.Replace("The text is", $"{field} is", StringComparison.Ordinal), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("userId")]
    [InlineData("kind")]
    [InlineData("itemId")]
    [InlineData("timestamp")]
    public async Task MissingFieldIsNamed(string field)
    {
        var fields = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(Event(user: NewUser).Json())!;
        fields.Remove(field);
        var problem = (await service.PostAsync("/v1/events", JsonSerializer.Serialize(fields))).Problem(400);
        Assert.Equal(field, problem.GetProperty("problems")[0].GetProperty("field").GetString());
    }

    [Theory]
    [InlineData(128, 202)]
    [InlineData(129, 400)]
    public async Task IdMayHave128Characters(int length, int status) =>
        Assert.Equal(status, (await service.PostAsync("/v1/events", Event(user: new string('ü', length)).Json())).Status);

    [Theory]
    [InlineData(4_000, 202)]
    [InlineData(4_001, 400)]
    public async Task TextMayHave4000Characters(int length, int status) =>
        Assert.Equal(status, (await service.PostAsync("/v1/events", Event(user: NewUser, text: new string('界', length)).Json())).Status);

    [Theory]
    [InlineData(1_000, 202)]
    [InlineData(1_001, 413)]
    public async Task ArrayMayHold1000Events(int length, int status)
    {
        var user = NewUser;
        Assert.Equal(status, (await service.PostAsync("/v1/events", $"[{string.Join(',', Enumerable.Range(0, length).Select(i => Event(i, user).Json()))}]")).Status);
    }

    [Fact]
    public async Task BodyThatIsTooLargeIs413() =>
        (await service.PostAsync("/v1/events", $"[\"{new string('x', 17 << 20)}\"]")).Problem(413);

    [Theory]
    [InlineData("", "empty_body", null)]
    [InlineData(" \n ", "empty_body", null)]
    [InlineData("{", "malformed_json", 1)]
    [InlineData("[{},\n{\"userId\":NaN}]", "malformed_json", 2)]
    [InlineData("{\"userId\":\"u\"}}", "malformed_json", 1)]
    [InlineData("userId=u1", "malformed_json", 1)]
    [InlineData("[1,2", "malformed_json", 1)]
    public async Task BodyThatCannotBeReadSaysWhere(string body, string code, int? line)
    {
        var problem = (await service.PostAsync("/v1/events", body)).Problem(400);
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.Equal(line, problem.TryGetProperty("line", out var at) && at.ValueKind == JsonValueKind.Number ? at.GetInt32() : null);
        Assert.Equal(line is null, !problem.TryGetProperty("byte", out var column) || column.ValueKind == JsonValueKind.Null);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    [InlineData("{\n}\n")]
    [InlineData("not json")]
    public async Task StreamOfWhichNothingCanBeReadIs400(string body) =>
        (await service.PostAsync("/v1/events", body, Ndjson)).Problem(400);

    [Fact]
    public async Task DeepNestingIsRefusedAndCostsTheOtherEventNothing()
    {
        var open = string.Concat(Enumerable.Repeat("[", 100_000));
        var deep = $"{{\"x\":{open}{open.Replace('[', ']')}}}";
        (await service.PostAsync("/v1/events", $"{{\"x\":{open}")).Problem(400);
        (await service.PostAsync("/v1/events", deep)).Problem(400);
        foreach (var (body, type) in new[] { ($"[{deep},{Event(1, NewUser).Json()}]", "application/json"), ($"{deep}\n{Event(1, NewUser).Json()}", Ndjson) })
        {
            var reply = (await service.PostAsync("/v1/events", body, type)).Json;
            Assert.Equal((1, 0, 0, 1), Counts(reply));
            Assert.Equal("too_deep", reply.GetProperty("problems")[0].GetProperty("code").GetString());
        }
    }

    [Fact]
    public async Task EventsOfALiveStreamDoNotWaitForItsEnd()
    {
        using var other = new TestService();
        using var stream = new EndlessContent();
        var posting = other.Client.PostAsync(new Uri("/v1/events", UriKind.Relative), stream, TestContext.Current.CancellationToken);
        await Eventually.IsTrueAsync(async () => (await other.GetAsync("/v1/users/endless/window")).Status == 200);
        Assert.False(posting.IsCompleted);
        stream.End();
        Assert.Equal(202, (int)(await posting).StatusCode);
    }

    [Fact]
    public async Task SlowClientsCostTheOthersNothing()
    {
        using var other = new TestService(("Hosting:MaxIngests", "1"), ("Hosting:MaxWaitingIngests", "0"));
        using var stream = new EndlessContent();
        var posting = other.Client.PostAsync(new Uri("/v1/events", UriKind.Relative), stream, TestContext.Current.CancellationToken);
        await Eventually.IsTrueAsync(async () => (await other.GetAsync("/v1/users/endless/window")).Status == 200);
        Assert.Equal(202, (await other.PostAsync("/v1/events", Event().Json())).Status);
        stream.End();
        await posting;
    }

    [Fact]
    public async Task BrokenUtf8IsRefusedByName()
    {
        byte[] body = [.. Encoding.UTF8.GetBytes(Event(user: "@").Json().Split('@')[0]), 0xc3, 0x28, .. Encoding.UTF8.GetBytes(Event(user: "@").Json().Split('@')[1])];
        var problem = (await service.PostAsync("/v1/events", body, "application/json")).Problem(400);
        Assert.Equal("userId", problem.GetProperty("problems")[0].GetProperty("field").GetString());
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/xml")]
    [InlineData("application/json; charset=latin1")]
    [InlineData("application/json; charset=\"utf-16\"")]
    [InlineData("nonsense")]
    [InlineData("")]
    public async Task OtherContentTypesAre415(string contentType) =>
        (await service.PostAsync("/v1/events", Event(user: NewUser).Json(), contentType)).Problem(415);

    [Fact]
    public async Task UnknownFieldsArePassedOverAndBomIsSkipped()
    {
        var user = NewUser;
        var body = $$"""{"userId":"{{user}}","extra":{"userId":["deep",{"a":1}]},"kind":"view","itemId":"i","timestamp":"2026-11-01T10:00:00+02:00","categories":null,"value":null,"more":[]}""";
        Assert.Equal(202, (await service.PostAsync("/v1/events", [0xef, 0xbb, 0xbf, .. Encoding.UTF8.GetBytes(body)], "application/json; charset=utf-8")).Status);
        var e = (await WindowAsync(user))[0];
        Assert.Equal("2026-11-01T08:00:00Z", e.GetProperty("timestamp").GetString());
        Assert.False(e.TryGetProperty("value", out _));
    }

    [Fact]
    public async Task QuotedCharsetIsFineAndAnEncodingOtherThanGzipIsNot()
    {
        Assert.Equal(202, (await service.PostAsync("/v1/events", Event(user: NewUser).Json(), "application/json; charset=\"UTF-8\"")).Status);
        Assert.Equal(202, (await service.PostAsync("/v1/events", Event(user: NewUser).Json(), "application/json; charset=utf8")).Status);
        using var content = new StringContent(Event(user: NewUser).Json(), Encoding.UTF8, "application/json");
        content.Headers.ContentEncoding.Add("br");
        Assert.Equal(415, (int)(await service.Client.PostAsync(new Uri("/v1/events", UriKind.Relative), content, TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task BadPropertyNameIsNotBlamedOnTheFieldBefore()
    {
        var problem = (await service.PostAsync("/v1/events", "{\"userId\":\"u\",\"\\ud800\":1}")).Problem(400).GetProperty("problems")[0];
        Assert.Equal("invalid_text", problem.GetProperty("code").GetString());
        Assert.False(problem.TryGetProperty("field", out _));
    }

    [Fact]
    public async Task TimestampWithoutOffsetIsUtc()
    {
        var user = NewUser;
        await service.PostAsync("/v1/events", $$"""{"userId":"{{user}}","kind":"view","itemId":"i","timestamp":"2026-11-01T10:00:00.1234567"}""");
        Assert.Equal("2026-11-01T10:00:00.123456Z", (await WindowAsync(user))[0].GetProperty("timestamp").GetString());
    }

    [Fact]
    public async Task RandomBytesAreNeverAServerError()
    {
        var random = new Random(7);
        var template = Encoding.UTF8.GetBytes($"[{Event(user: "fuzz", category: "c", value: 1.5, text: "t").Json()}]");
        for (var i = 0; i < 400; i++)
        {
            var body = template.ToArray();
            for (var flips = random.Next(1, 6); flips > 0; flips--)
                body[random.Next(body.Length)] = (byte)random.Next(256);
            var reply = await service.PostAsync("/v1/events", body, i % 2 == 0 ? "application/json" : Ndjson);
            Assert.True(reply.Status is 202 or 400, $"{reply.Status} for {Convert.ToHexString(body)}");
        }
    }

    [Fact]
    public async Task ExtraKindsCanBeAllowed()
    {
        using var other = new TestService(("Events:ExtraKinds:0", "wishlist"));
        Assert.Equal(202, (await other.PostAsync("/v1/events", Event(kind: "wishlist").Json())).Status);
        Assert.Equal(1.0, Length((await other.FreshAsync("u1")).Json.GetProperty("vector")), 1e-5);
    }

    internal static double Length(JsonElement vector) => Math.Sqrt(vector.EnumerateArray().Sum(x => x.GetDouble() * x.GetDouble()));

    private static (int, int, int, int) Counts(JsonElement reply) =>
        (reply.GetProperty("accepted").GetInt32(), reply.GetProperty("duplicates").GetInt32(), reply.GetProperty("late").GetInt32(), reply.GetProperty("rejected").GetInt32());

    private async Task<JsonElement> WindowAsync(string user) => (await service.GetAsync($"/v1/users/{user}/window")).Json.GetProperty("events");
}
