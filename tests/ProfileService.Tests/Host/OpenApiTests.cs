using System.Text.Json;
using System.Text.RegularExpressions;
using static ProfileService.TestServers.TestEvents;

namespace ProfileService.Tests.Host;

/// <summary>docs/openapi.json is what the service serves, says all that a client must know, and is true.</summary>
public sealed partial class OpenApiTests(TestService service) : IClassFixture<TestService>
{
    private const string Path = "/swagger/v1/swagger.json";

    private static readonly string[] OfEveryOperation = ["400", "403", "500", "503"];

    [Fact]
    public async Task DocumentIsTheOneInDocs() => Snapshot.Matches("docs/openapi.json", $"{await service.Client.GetStringAsync(Path, TestContext.Current.CancellationToken)}\n");

    [Fact]
    public async Task EveryOperationHasANameATextAndItsErrors()
    {
        var operations = await OperationsAsync();
        Assert.True(operations.Count > 15);
        Assert.Equal(operations.Count, operations.Select(o => o.Json.GetProperty("operationId").GetString()).Distinct().Count());
        Assert.All(operations, o =>
        {
            Assert.Matches(CamelCase(), o.Json.GetProperty("operationId").GetString()!);
            Assert.NotEmpty(o.Json.GetProperty("summary").GetString()!);
            Assert.NotEmpty(o.Json.GetProperty("description").GetString()!);
            Assert.Single(o.Json.GetProperty("tags").EnumerateArray());
            Assert.Equal([], OfEveryOperation.Except(o.Json.GetProperty("responses").EnumerateObject().Select(r => r.Name)));
        });
    }

    [Fact]
    public async Task EveryParameterIsDescribedAndEveryTextOfARequestHasABound()
    {
        var parameters = (await OperationsAsync())
            .SelectMany(o => o.Json.TryGetProperty("parameters", out var declared) ? declared.EnumerateArray() : default).ToList();
        Assert.True(parameters.Count > 20);
        Assert.All(parameters, p => Assert.NotEmpty(p.GetProperty("description").GetString()!));
        Assert.All(parameters.Where(p => p.GetProperty("in").GetString() != "header"), p =>
        {
            var schema = p.GetProperty("schema");
            schema = schema.TryGetProperty("items", out var items) ? items : schema;
            Assert.True(schema.GetProperty("type").GetString() == "boolean" || schema.TryGetProperty("maxLength", out _) || schema.TryGetProperty("maximum", out _) || schema.TryGetProperty("enum", out _), $"{p}");
        });
    }

    [Fact]
    public async Task EveryFieldIsDescribed()
    {
        var schemas = (await DocumentAsync()).GetProperty("components").GetProperty("schemas").EnumerateObject().ToList();
        Assert.True(schemas.Count > 25);
        Assert.All(schemas, s => Assert.NotEmpty(s.Value.GetProperty("description").GetString()!));
        Assert.All(schemas.SelectMany(s => s.Value.GetProperty("properties").EnumerateObject()), field => Assert.True(
            field.Value.TryGetProperty("$ref", out _) || field.Value.TryGetProperty("description", out _), $"{field}"));
    }

    [Fact]
    public async Task AnswersKeepToTheDocument()
    {
        await service.AcceptAsync([.. Enumerable.Range(0, 12).Select(i => Event(i, "try-me", $"i{i}", "review", category: "shoes", value: 9.5, text: "Lovely"))]);
        await service.PutAsync("/v1/users/try-me/attributes", """{"age":34,"gender":"female","vip":true}""");
        await service.PutAsync("/v1/items/sku-9", """{"title":"Shoe","price":59.9,"labels":["sale"]}""");
        Assert.Equal(200, (await service.FreshAsync("try-me")).Status);
        foreach (var operation in (await OperationsAsync()).Where(o => o.Method == "get"))
            await CheckAsync(operation, await service.GetAsync(operation.SamplePath), 200);
        var profile = (await OperationsAsync()).Single(o => o.Json.GetProperty("operationId").GetString() == "getProfile");
        await CheckAsync(profile, await service.GetAsync($"{profile.SamplePath}?include=vector,dimensions,explanation"), 200);
        await CheckAsync(profile, await service.GetAsync("/v1/users/nobody/profile"), 404);
    }

    [Theory]
    [InlineData("""[{"userId":"u1"},{"userId":""}]""", "application/json", 400)]
    [InlineData("[{]", "application/json", 400)]
    [InlineData("{}", "text/plain", 415)]
    [InlineData("""[{"userId":"u1","kind":"view","itemId":"i1","timestamp":"2026-11-01T10:00:00Z","colour":"red"},{}]""", "application/json", 202)]
    public async Task VerdictsOnEventsKeepToTheDocument(string body, string type, int status)
    {
        var post = (await OperationsAsync()).Single(o => o.Json.GetProperty("operationId").GetString() == "postEvents");
        await CheckAsync(post, await service.PostAsync("/v1/events", body, type), status);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/octet-stream")]
    public async Task HeadersOfProfilesAreDescribed(string accept)
    {
        await service.PostAsync("/v1/events", Event(1, "headers").Json());
        await service.FreshAsync("headers");
        var profile = await service.GetAsync("/v1/users/headers/profile", ("Accept", accept));
        var lookup = await service.PostAsync("/v1/profiles/lookup", """{"userIds":["headers"]}""", "application/json", ("Accept", accept));
        var operations = (await OperationsAsync()).ToDictionary(o => o.Json.GetProperty("operationId").GetString()!);
        Assert.Equal([], Own(profile).Except(Described("getProfile")));
        Assert.Equal([], Own(lookup).Except(Described("lookupProfiles")));

        static IEnumerable<string> Own(Reply reply) => reply.Headers.Keys.Where(h => h == "ETag" || h.StartsWith("X-Profile-", StringComparison.Ordinal));

        IEnumerable<string> Described(string id) =>
            operations[id].Json.GetProperty("responses").GetProperty("200").GetProperty("headers").EnumerateObject().Select(h => h.Name);
    }

    [Fact]
    public async Task BoundsThatAreSettingsAreThoseOfTheProcess()
    {
        using var other = new TestService(("Events:ExtraKinds:0", "wish"), ("Events:MaxArrayLength", "7"), ("Lookup:MaxUsers", "5"));
        var document = (await other.GetAsync(Path)).Json;
        var schemas = document.GetProperty("components").GetProperty("schemas");
        Assert.Contains("wish", schemas.GetProperty("UserEvent").GetProperty("properties").GetProperty("kind").GetProperty("enum").EnumerateArray().Select(k => k.GetString()));
        Assert.Equal(5, schemas.GetProperty("LookupRequest").GetProperty("properties").GetProperty("userIds").GetProperty("maxItems").GetInt32());
        var body = document.GetProperty("paths").GetProperty("/v1/events").GetProperty("post").GetProperty("requestBody").GetProperty("content");
        Assert.Equal(7, body.GetProperty("application/json").GetProperty("schema").GetProperty("oneOf")[1].GetProperty("maxItems").GetInt32());
    }

    private async Task<JsonElement> DocumentAsync() => (await service.GetAsync(Path)).Json;

    private async Task<IReadOnlyList<Operation>> OperationsAsync() =>
    [
        .. from path in (await DocumentAsync()).GetProperty("paths").EnumerateObject()
           from operation in path.Value.EnumerateObject()
           select new Operation(path.Name, operation.Name, operation.Value),
    ];

    private async Task CheckAsync(Operation operation, Reply reply, int status)
    {
        Assert.Equal((operation.Path, status), (operation.Path, reply.Status));
        var schema = new JsonSchema(await DocumentAsync());
        var answer = schema.Resolve(operation.Json.GetProperty("responses").GetProperty($"{status}"));
        Assert.Equal([], schema.ProblemsOf(reply.Json, answer.GetProperty("content").GetProperty(reply.ContentType!).GetProperty("schema")));
    }

    [GeneratedRegex("^[a-z]+([A-Z][a-z]+)*$")]
    private static partial Regex CamelCase();

    private sealed record Operation(string Path, string Method, JsonElement Json)
    {
        public string SamplePath => Path.Replace("{userId}", "try-me", StringComparison.Ordinal).Replace("{itemId}", "sku-9", StringComparison.Ordinal);
    }
}
