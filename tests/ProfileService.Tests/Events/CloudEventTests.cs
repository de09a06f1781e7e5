using ProfileService.Tests.Host;
using ProfileService.Tests.Privacy;
using System.Text;
using System.Text.Json;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Events;

/// <summary>CloudEvents 1.0 on <c>POST /v1/events</c>.</summary>
public sealed class CloudEventTests(TestService service) : IClassFixture<TestService>
{
    private const string One = "application/cloudevents+json";
    private const string Batch = "application/cloudevents-batch+json";

    private static string NewUser => $"user-{Guid.NewGuid():N}";

    [Fact]
    public async Task EnvelopeCompletesItsData()
    {
        var user = NewUser;
        await TakesAsync(service.PostAsync("/v1/events", Envelope(user), One), 1);
        var stored = Assert.Single((await WindowAsync(user)).EnumerateArray());
        Assert.Equal(("view", "sku-9"), (stored.GetProperty("kind").GetString(), stored.GetProperty("itemId").GetString()));
        Assert.Equal(Start.UtcDateTime, stored.GetProperty("timestamp").GetDateTime());
        Assert.Equal(22, stored.GetProperty("eventId").GetString()!.Length);
    }

    [Fact]
    public async Task WhatTheDataSaysStands()
    {
        var (user, other) = (NewUser, NewUser);
        var data = Event(5, user, kind: "cart", id: "mine").Json();
        await TakesAsync(service.PostAsync("/v1/events", Envelope(other, data: data), One), 1);
        var stored = Assert.Single((await WindowAsync(user)).EnumerateArray());
        Assert.Equal(("cart", "mine"), (stored.GetProperty("kind").GetString(), stored.GetProperty("eventId").GetString()));
        Assert.Equal(404, (await service.GetAsync($"/v1/users/{other}/window")).Status);
    }

    [Fact]
    public async Task AttributesMayComeAfterTheDataAndExtensionsArePassedOver()
    {
        var user = NewUser;
        var reply = await service.PostAsync("/v1/events", $$$"""
            { "data": { "itemId": "i1" }, "traceparent": { "a": [1] }, "dataschema": "x", "time": "2026-11-01T10:00:00Z",
              "subject": "{{{user}}}",
              "type": "view", "source": "/s", "id": "1", "specversion": "1.0", "datacontenttype": "application/json" }
            """, $"{One}; charset=utf-8");
        Assert.Equal(202, reply.Status);
        Assert.False(reply.Json.TryGetProperty("unknownFields", out _));
        Assert.Equal(1, (await WindowAsync(user)).GetArrayLength());
    }

    [Fact]
    public async Task SameIdIsTheSameEventWithinItsSourceAndInEveryMode()
    {
        var user = NewUser;
        await TakesAsync(service.PostAsync("/v1/events", $"[{Envelope(user)},{Envelope(user, source: "/other")}]", Batch), 2);
        var again = await service.PostAsync("/v1/events", Envelope(user), One);
        Assert.Equal(1, again.Json.GetProperty("duplicates").GetInt32());
        var binary = await service.PostAsync("/v1/events", """{ "itemId": "sku-9" }""", headers: Headers(user));
        Assert.Equal((202, 1), (binary.Status, binary.Json.GetProperty("duplicates").GetInt32()));
    }

    [Fact]
    public async Task HeadersCompleteTheBody()
    {
        var user = $"{NewUser} €";
        var headers = Headers(Uri.EscapeDataString(user));
        await TakesAsync(service.PostAsync("/v1/events", """{ "itemId": "i1", "value": 2 }""", headers: headers), 1);
        var stored = Assert.Single((await WindowAsync(Uri.EscapeDataString(user))).EnumerateArray());
        Assert.Equal((user, 2), (stored.GetProperty("userId").GetString(), stored.GetProperty("value").GetDouble()));
    }

    [Theory]
    [InlineData("com.example.shop.view", "view")]
    [InlineData("purchase", "purchase")]
    [InlineData("com.example.cart.v2", "cart")]
    [InlineData("cart.v20261122123456", "cart")]
    public async Task KindIsTheLastPartOfTheTypeButForAVersion(string type, string kind)
    {
        var user = NewUser;
        await TakesAsync(service.PostAsync("/v1/events", Envelope(user, type: type), One), 1);
        Assert.Equal(kind, (await WindowAsync(user))[0].GetProperty("kind").GetString());
    }

    [Theory]
    [InlineData("\"specversion\": \"1.0\"", "\"specversion\": \"0.3\"", "unsupported_version", "specversion")]
    [InlineData("\"specversion\": \"1.0\",", "", "missing_field", "specversion")]
    [InlineData("\"id\": \"7f3a\"", "\"id\": \"\"", "missing_field", "id")]
    [InlineData("\"id\": \"7f3a\"", "\"id\": 7", "wrong_type", "id")]
    [InlineData("\"id\": \"7f3a\"", "\"id\": \"1\", \"id\": \"2\"", "repeated_field", "id")]
    [InlineData("\"source\": \"/shop/web\",", "", "missing_field", "source")]
    [InlineData("\"type\": \"com.example.shop.view\",", "", "missing_field", "type")]
    [InlineData("com.example.shop.view", "com.example.shop.stare", "unknown_kind", "type")]
    [InlineData("com.example.shop.view", "com.example.shop.view.v-2", "unknown_kind", "type")]
    [InlineData("com.example.shop.view", "com.example.shop.view.v 2", "unknown_kind", "type")]
    [InlineData("\"time\": ", "\"time\": null, \"time\": ", "repeated_field", "time")]
    [InlineData("2026-11-01T10", "2126-11-01T10", "timestamp_in_future", "time")]
    [InlineData("\"itemId\": \"sku-9\"", "\"itemId\": \"sku-9\", \"timestamp\": \"2126-11-01\"", "timestamp_in_future", "data.timestamp")]
    [InlineData("\"time\": \"2026-11-01T10:00:00Z\"", "\"time\": \"soon\"", "invalid_timestamp", "time")]
    [InlineData("\"time\": \"2026-11-01T10:00:00Z\",", "", "missing_field", "data.timestamp")]
    [InlineData("\"subject\": \"ada\"", "\"subject\": \"..\"", "reserved_id", "subject")]
    [InlineData("\"subject\": \"ada\",", "", "missing_field", "data.userId")]
    [InlineData("\"itemId\": \"sku-9\"", "\"itemId\": 9", "wrong_type", "data.itemId")]
    [InlineData("\"itemId\": \"sku-9\"", "\"value\": 9", "missing_field", "data.itemId")]
    [InlineData("\"itemId\": \"sku-9\"", "\"itemId\": \"sku-9\", \"categories\": [7]", "wrong_type", "data.categories[0]")]
    [InlineData("\"data\": { \"itemId\": \"sku-9\" }", "\"data\": null", "missing_field", "data")]
    [InlineData("\"data\": { \"itemId\": \"sku-9\" }", "\"data\": []", "wrong_type", "data")]
    [InlineData("\"id\": \"7f3a\"", "\"id\": \"a\\nb\"", "control_character", "id")]
    [InlineData("\"data\": { \"itemId\": \"sku-9\" }", "\"data_base64\": \"e30=\"", "wrong_type", "data_base64")]
    [InlineData("\"subject\"", "\"datacontenttype\": \"text/xml\", \"subject\"", "unsupported_media_type", "datacontenttype")]
    public async Task ProblemNamesTheFieldOfTheEnvelopeOrOfTheData(string good, string bad, string code, string? field)
    {
        var envelope = Envelope("ada").Replace(good, bad, StringComparison.Ordinal);
        var problem = (await service.PostAsync("/v1/events", envelope, One)).Problem(400);
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.Equal(field, problem.TryGetProperty("field", out var named) ? named.GetString() : null);
    }

    [Theory]
    [InlineData("ce-source", null, "missing_field", "ce-source")]
    [InlineData("ce-specversion", "2.0", "unsupported_version", "ce-specversion")]
    [InlineData("ce-time", "soon", "invalid_timestamp", "ce-time")]
    [InlineData("ce-time", "2126-11-01", "timestamp_in_future", "ce-time")]
    [InlineData("ce-subject", null, "missing_field", "userId")]
    [InlineData("ce-id", "a%0Ab", "control_character", "ce-id")]
    [InlineData("ce-subject", "%ff", "invalid_text", "ce-subject")]
    [InlineData("ce-subject", "100%", "invalid_text", "ce-subject")]
    [InlineData("ce-source", "/shop/%zz", "invalid_text", "ce-source")]
    public async Task ProblemNamesTheHeader(string header, string? value, string code, string field)
    {
        var headers = Headers("ada").Where(h => h.Name != header).ToList();
        if (value is not null)
            headers.Add((header, value));
        var problem = (await service.PostAsync("/v1/events", """{ "itemId": "i1" }""", headers: [.. headers])).Problem(400);
        Assert.Equal((code, field), (problem.GetProperty("code").GetString(), problem.GetProperty("field").GetString()));
    }

    [Fact]
    public async Task MissingFieldsAreNamedWithTheAttributesThatWouldDo()
    {
        const string Bare = """{ "specversion": "1.0", "id": "1", "source": "/s", "type": "view", "data": {} }""";
        var structured = (await service.PostAsync("/v1/events", Bare, One)).Problem(400);
        Assert.EndsWith(
            "data.userId or subject, data.itemId and data.timestamp or time are required.",
            structured.GetProperty("detail").GetString(),
            StringComparison.Ordinal);
        var headers = Headers("ada").Where(h => h.Name is not "ce-subject").ToArray();
        var binary = (await service.PostAsync("/v1/events", """{ "itemId": "i1" }""", headers: headers)).Problem(400);
        Assert.EndsWith("userId or ce-subject is required.", binary.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ProblemOfTheUserNamesNoFieldThatTheSenderNeedNotHaveWritten()
    {
        const string NoProfile = """{ "profile": false, "explain": false, "similar": false, "train": false }""";
        var (refused, damaged) = (NewUser, NewUser);
        Assert.Equal(200, (await service.PutAsync($"/v1/users/{refused}/purposes", NoProfile)).Status);
        await service.AcceptAsync(Event(1, damaged));
        service.Damage(damaged);
        foreach (var (user, code) in ((string, string)[])[(refused, "purpose_not_allowed"), (damaged, "window_unreadable")])
        {
            var plain = (await service.PostAsync("/v1/events", Event(2, user).Json())).Problem(400);
            Assert.Equal((code, "userId"), (plain.GetProperty("code").GetString(), plain.GetProperty("field").GetString()));
            foreach (var reply in (Reply[])[
                await service.PostAsync("/v1/events", Envelope(user), One),
                await service.PostAsync("/v1/events", """{ "itemId": "i1" }""", headers: Headers(user))])
            {
                var problem = reply.Problem(400);
                Assert.Equal(code, problem.GetProperty("code").GetString());
                Assert.False(problem.TryGetProperty("field", out _));
                Assert.False(problem.GetProperty("problems")[0].TryGetProperty("field", out _));
            }
        }
    }

    [Fact]
    public async Task HeaderIsGivenOnceAndItsQuotesAreNotOfTheValue()
    {
        var user = NewUser;
        var others = Headers(user).Where(h => h.Name != "ce-subject").ToArray();
        var quoted = await service.PostAsync("/v1/events", """{ "itemId": "i1" }""", headers: [.. others, ("ce-subject", $"\"{user}\"")]);
        Assert.Equal(202, quoted.Status);
        Assert.Equal(200, (await service.GetAsync($"/v1/users/{user}/window")).Status);
        var lines = others.Append(("ce-subject", user)).Append(("ce-subject", "other")).Select(h => $"\r\n{h.Item1}: {h.Item2}");
        var twice = await RawRequest.SendAsync(
            service.Client.BaseAddress!, $"POST /v1/events HTTP/1.1{string.Concat(lines)}", """{ "itemId": "i1" }""");
        Assert.Contains("\"code\":\"repeated_field\",\"field\":\"ce-subject\"", twice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HeadersOfOneEventDoNotStandForSeveral()
    {
        var reply = await service.PostAsync("/v1/events", $"[{Event().Json()}]", headers: Headers("ada"));
        Assert.Equal("wrong_type", reply.Problem(400).GetProperty("code").GetString());
    }

    [Fact]
    public async Task OneBadEnvelopeCostsTheOthersNothing()
    {
        var user = NewUser;
        var reply = await service.PostAsync("/v1/events", $"[{Envelope(user)},7,{Envelope(user, source: "/b")}]", Batch);
        Assert.Equal((202, 2), (reply.Status, reply.Json.GetProperty("accepted").GetInt32()));
        Assert.Equal(1, reply.Json.GetProperty("rejected").GetInt32());
        Assert.Equal(1, reply.Json.GetProperty("problems")[0].GetProperty("index").GetInt32());
    }

    private static string Envelope(
        string user, string type = "com.example.shop.view", string source = "/shop/web", string data = """{ "itemId": "sku-9" }""") => $$"""
        { "specversion": "1.0", "id": "7f3a", "source": "{{source}}", "type": "{{type}}", "subject": "{{user}}",
          "time": "2026-11-01T10:00:00Z", "data": {{data}} }
        """;

    private static (string Name, string Value)[] Headers(string user) =>
    [
        ("ce-specversion", "1.0"), ("ce-id", "7f3a"), ("ce-source", "/shop/web"), ("ce-type", "com.example.shop.view"),
        ("ce-subject", user), ("ce-time", "2026-11-01T10:00:00Z"),
    ];

    private static async Task TakesAsync(Task<Reply> post, int events)
    {
        var reply = await post;
        Assert.True(reply.Status == 202, Encoding.UTF8.GetString(reply.Body));
        Assert.Equal(events, reply.Json.GetProperty("accepted").GetInt32());
    }

    private async Task<JsonElement> WindowAsync(string user) =>
        (await service.GetAsync($"/v1/users/{user}/window")).Json.GetProperty("events");
}
