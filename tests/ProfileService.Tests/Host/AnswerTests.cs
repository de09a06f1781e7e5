using System.Text;
using System.Text.Json;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Host;

/// <summary>Every route under every kind of bad request: what comes back has a code, and is in words that a person outside this code can read.</summary>
public sealed class AnswerTests(TestService service) : IClassFixture<TestService>
{
    private static readonly string[] FrameworkWords =
    [
        "bind", "parameter \"", "Service instead", "System.", "Exception", "JsonElement", "Nullable", "Utf8Json", "isFinalBlock", "reader option", "payload",
        "JSON value could not", "Path: $", "LineNumber", "BytePosition", "Microsoft", "Kestrel", "deserializ", "String'", "Int32", "Object reference", "stack",
        "field ;", "field .", "RequestDelegate", "middleware", "BadHttp", "MinRequestBody", "ProfileService.",
    ];

    private static readonly string[] Bodies =
    [
        "", " ", "null", "[]", "{}", "[null]", "[[]]", "[{}]", "7", "true", "\"text\"", "{", "[", "[1,", "{\"a\"", "{\"a\":}", "{\"a\":1,}", "[1,]", "{} {}", "{}x", "nonsense",
        "{\"a\":NaN}", "{\"a\":'b'}", "// comment", "{\"a\":\"\\ud800\"}", "{\"\\ud800\":1}", "{\"a\":\"\\x\"}", "{\"a\":\"\n\"}", "\ufeff", "{\"a\":1e999}",
        "{\"userIds\":5}", "{\"userIds\":[5]}", "{\"userIds\":[null]}", "{\"userIds\":[\"..\"]}", "{\"userIds\":{}}", "{\"userIds\":null}", "{\"userIds\":[],\"userIds\":[]}",
        "{\"UserIds\":[]}", "{\"userIds\":[],\"x\":1}", "{\"userId\":\"u\",\"attributes\":5}", "{\"userId\":{},\"attributes\":{}}", "{\"userId\":\"u\",\"attributes\":{\"a\":{}}}",
        "{\"userId\":\"u\",\"attributes\":{\"a\":1e999}}", "{\"userId\":\".\",\"attributes\":{}}", "{\"userId\":\"u\",\"attribute\":{}}",
        "{\"itemId\":5}", "{\"itemId\":\"..\"}", "{\"itemId\":\"i1\",\"price\":\"cheap\"}", "{\"itemId\":\"i1\",\"prize\":1}", "{\"itemId\":\"i1\",\"labels\":[1]}",
        "{\"count\":0}", "{\"count\":1.5}", "{\"count\":\"ten\"}", "{\"filter\":[]}", "{\"filter\":{\"categories\":[]}}",
        "{\"filter\":{\"labels\":[7]}}", "{\"filter\":{\"prize\":1}}",
        "{\"filter\":{\"minPrice\":2,\"maxPrice\":1}}", "{\"excludeSeen\":true}", "{\"fallback\":\"best\"}",
        "{\"events\":{}}", "{\"events\":[7]}", "{\"events\":[{}]}", "{\"events\":[{\"userId\":\"\ud800\"}]}", "{\"attributes\":[]}",
        "{\"attributes\":{\"a\":{}}}", "{\"recommend\":[]}", "{\"recommend\":{\"filter\":7}}",
        "{\"after\":7}", "{\"after\":\"nowhere\"}", "{\"recommend\":{\"after\":\"\"}}", "{\"diversity\":2}", "{\"itemIds\":[\"..\"]}", "{\"itemIds\":{}}", "{\"userIds\":[],\"itemIds\":[7]}",
        "{\"token\":7,\"events\":[]}", "{\"token\":\"x\",\"events\":[7]}", "{\"token\":\"\ud800\",\"events\":[]}",
        "{\"expiresInSeconds\":1}",
        "{\"price\":{\"amount\":1}}", "{\"title\":[]}", "{\"content\":[1]}", "{\"categories\":{\"a\":1}}", "{\"a\":[[1]]}",
        "{\"userId\":\"u\",\"kind\":\"stare\",\"itemId\":\"i\",\"timestamp\":\"2026-11-01\"}", "{\"userId\":\"u\",\"kind\":7,\"itemId\":\"i\",\"timestamp\":\"2026-11-01\"}",
        "{\"userId\":\"u\",\"kind\":\"view\",\"itemId\":\"i\",\"timestamp\":\"soon\"}", "{\"userId\":\"u\",\"kind\":\"view\",\"itemId\":\"i\",\"timestamp\":1e999}",
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EveryBadBodyIsAnsweredInPlainWordsAtEveryRoute()
    {
        var deep = string.Concat(Enumerable.Repeat("[", 5_000));
        string[] bodies = [.. Bodies, deep, deep + deep.Replace('[', ']'), $"{{\"a\":{deep}{deep.Replace('[', ']')}}}", $"{{\"userIds\":\"{new string('x', 3_000)}\"}}"];
        var routes = (await Route.AllAsync(service)).Where(r => r.BodyTypes.Count > 0).ToList();
        Assert.Equal(18, routes.Count);
        foreach (var route in routes)
        {
            foreach (var type in route.BodyTypes)
            {
                foreach (var body in bodies)
                    AssertPlain(await route.SendAsync(service, "", body, type), $"{route.Method} {route.Path} {type} {body[..Math.Min(100, body.Length)]}");
            }
        }
    }

    [Fact]
    public async Task EveryOtherContentTypeIs415ThatSaysWhichIsTaken()
    {
        foreach (var route in (await Route.AllAsync(service)).Where(r => r.BodyTypes.Count > 0))
        {
            var none = route.BodyTypes.Contains("text/plain") ? "text/html" : "text/plain";
            if (!route.BodyTypes.Contains("application/merge-patch+json"))
                Assert.Equal(415, (await route.SendAsync(service, "", "{}", "application/merge-patch+json")).Status);
            foreach (var type in new[] { "", none, "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml", "nonsense", "application/json; charset=utf-16", "*/*", "application/problem+json" })
            {
                var problem = AssertPlain(await route.SendAsync(service, "", "{}", type), $"{route.Method} {route.Path} {type}", 415);
                Assert.Equal("unsupported_media_type", problem!.Value.GetProperty("code").GetString());
                var detail = problem.Value.GetProperty("detail").GetString()!;
                Assert.True(detail.Contains("application/json", StringComparison.Ordinal) || detail.Contains("UTF-8", StringComparison.Ordinal), detail);
            }
        }
    }

    [Fact]
    public async Task EveryOtherMethodIs405AndEveryOtherAddress404()
    {
        foreach (var route in await Route.AllAsync(service))
        {
            using var request = new HttpRequestMessage(HttpMethod.Parse("SEARCH"), route.Path);
            using var response = await service.Client.SendAsync(request, Token);
            if (route.Path.StartsWith("/health", StringComparison.Ordinal)) // any method asks for health
                continue;
            var reply = new Reply((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, await response.Content.ReadAsByteArrayAsync(Token), new Dictionary<string, string>());
            AssertPlain(reply, $"SEARCH {route.Path}", 405);
            AssertPlain(await service.GetAsync($"{route.Path}/nothing/there"), $"{route.Path}/nothing/there", 404);
        }

        foreach (var path in new[] { "/nothing", "/v1", "/v1/", "/v1/users//profile", "/v1/profiles/lookup/x", "/console/nothing.js", "/health", "/v2/users" })
            AssertPlain(await service.GetAsync(path), path, 404);
    }

    [Theory]
    [InlineData("If-None-Match", "nonsense")]
    [InlineData("If-None-Match", "W/")]
    [InlineData("If-None-Match", "\"open")]
    [InlineData("If-None-Match", ",,,")]
    [InlineData("Accept", "nonsense")]
    [InlineData("Accept", "application/octet-stream;q=abc")]
    [InlineData("Accept", "text/;q=1")]
    [InlineData("Accept", ",;")]
    [InlineData("Accept-Encoding", "nonsense;q=x")]
    [InlineData("Range", "bytes=5-")]
    public async Task HeaderThatCannotBeReadIsAsGoodAsLeftOut(string name, string value)
    {
        await service.AcceptAsync(Event(1, "headers", id: $"{Guid.NewGuid():N}"));
        await service.FreshAsync("headers");
        Assert.Equal(200, (await service.GetAsync("/v1/users/headers/profile", (name, value))).Status);
        Assert.Equal(200, (await service.PostAsync("/v1/profiles/lookup", """{"userIds":["headers"]}""", headers: (name, value))).Status);
    }

    [Theory]
    [InlineData("/v1/profiles/lookup", "POST")]
    [InlineData("/v1/users/u1/recommendations", "POST")]
    [InlineData("/v1/users/u1/rank", "POST")]
    [InlineData("/v1/profiles/compute", "POST")]
    [InlineData("/v1/users/u1/attributes", "PUT")]
    [InlineData("/v1/items/i1", "PUT")]
    public async Task BodyThatIsTooLargeSaysHowManyBytesThereMayBe(string path, string method)
    {
        var body = $$"""{"userIds":["{{new string('x', 2 << 20)}}"]}""";
        var problem = AssertPlain(method == "PUT" ? await service.PutAsync(path, body) : await service.PostAsync(path, body), path, 413);
        Assert.Equal("too_large", problem!.Value.GetProperty("code").GetString());
        Assert.Contains("1,048,576 bytes", problem.Value.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task IdThatNothingCanHaveIsRefusedWhereItIsWrittenAndUnknownWhereItIsRead()
    {
        foreach (var route in (await Route.AllAsync(service)).Where(r => r.Path.Contains("u1", StringComparison.Ordinal) || r.Path.Contains("i1", StringComparison.Ordinal)))
        {
            foreach (var id in new[] { new string('x', 129), "a%01", "a%7F" })
            {
                var other = route with { Path = route.Path.Replace("u1", id, StringComparison.Ordinal).Replace("i1", id, StringComparison.Ordinal) };
                var reply = await other.SendAsync(service, "");
                // Exports and purposes are those of users of whom nothing is known, too; a model without item vectors says so first.
                var isFound = (route.Method == "GET"
                        && !route.Path.EndsWith("/export", StringComparison.Ordinal)
                        && !route.Path.EndsWith("/purposes", StringComparison.Ordinal))
                    || route.Path.EndsWith("/recommendations", StringComparison.Ordinal); // which reads, by either method
                if (reply.Status != 409)
                    AssertPlain(reply, other.Path, isFound ? 404 : 400);
            }

            foreach (var id in new[] { "%FF", "a%C3", "%ED%A0%80", "%C0%AF", "%zz", "a%" })
            {
                var target = route.Path.Replace("u1", id, StringComparison.Ordinal).Replace("i1", id, StringComparison.Ordinal);
                var answer = await RawRequest.SendAsync(service.Client.BaseAddress!, $"{route.Method} {target} HTTP/1.1", "{}");
                Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
                Assert.Contains("invalid_text", answer, StringComparison.Ordinal);
            }
        }
    }

    private static JsonElement? AssertPlain(Reply reply, string what, int? status = null)
    {
        var text = Encoding.UTF8.GetString(reply.Body);
        Assert.True(reply.Status < 500 && (status ?? reply.Status) == reply.Status, $"{what}: {reply.Status} {text}");
        if (reply.Status < 400)
            return null;
        Assert.Equal("application/problem+json", reply.ContentType);
        var problem = reply.Json;
        AssertSentence(problem, what);
        Assert.StartsWith("https://", problem.GetProperty("type").GetString(), StringComparison.Ordinal);
        Assert.NotEmpty(problem.GetProperty("title").GetString()!);
        foreach (var entry in problem.TryGetProperty("problems", out var entries) ? entries.EnumerateArray() : default)
            AssertSentence(entry, what);
        foreach (var word in FrameworkWords)
            Assert.False(text.Contains(word, StringComparison.OrdinalIgnoreCase), $"{what}: {word} in {text}");
        return problem;
    }

    private static void AssertSentence(JsonElement problem, string what)
    {
        Assert.True(problem.TryGetProperty("code", out var code) && code.GetString() is { Length: > 0 }, $"{what}: no code in {problem}");
        var detail = problem.GetProperty("detail").GetString()!;
        Assert.True(detail.EndsWith('.') && !detail.Contains("..", StringComparison.Ordinal) || detail.Contains(" . or ..", StringComparison.Ordinal), $"{what}: {detail}");
        if (problem.TryGetProperty("field", out var field) && code.GetString() is not "invalid_name")
            Assert.True(detail.Contains(field.GetString()!.Split('.')[^1], StringComparison.Ordinal), $"{what}: {field} is not in: {detail}");
    }
}
