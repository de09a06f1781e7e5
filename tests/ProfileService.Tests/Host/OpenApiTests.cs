using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using ProfileService.Aggregates;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Host;

/// <summary>docs/openapi.json is what the service serves, says all that a client must know, and is true.</summary>
public sealed partial class OpenApiTests(TestService service) : IClassFixture<TestService>
{
    private const string Path = "/swagger/v1/swagger.json";

    private static readonly string[] OfEveryOperation = ["400", "403", "500", "503"];
    private static readonly (string Path, string Operation, string Body)[] Reads =
    [
        ("/v1/users/try-me/recommendations", "postRecommendations", """{"count":3,"fallback":"popular"}"""),
        ("/v1/users/nobody/recommendations", "postRecommendations", """{"count":3,"fallback":"popular"}"""),
        ("/v1/profiles/compute", "computeProfile", $$"""{"events":[{{Event(1).Json()}}],"attributes":{"age":34},"recommend":{} }"""),
        ("/v1/users/try-me/rank", "rankItems", """{"itemIds":["yoga-011","i1"]}"""),
    ];

    private static readonly string[] Bounds = ["maxLength", "maximum", "enum"];

    [Fact]
    public async Task DocumentIsTheOneInDocs() =>
        Snapshot.Matches("docs/openapi.json", $"{Encoding.UTF8.GetString((await service.GetAsync(Path)).Body)}\n");

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
    public async Task OperationsStandByTagsInTheirOrder()
    {
        using var service = new TestService();
        var document = (await service.GetAsync("/swagger/v1/swagger.json")).Json;
        var described = document.GetProperty("tags").EnumerateArray().Select(tag => tag.GetProperty("name").GetString()!).ToList();
        Assert.All(document.GetProperty("tags").EnumerateArray(), tag => Assert.NotEmpty(tag.GetProperty("description").GetString()!));
        var ofPaths = document.GetProperty("paths").EnumerateObject()
            .Select(path => path.Value.EnumerateObject().First().Value.GetProperty("tags")[0].GetString()!).ToList();
        Assert.Equal(described, ofPaths.Distinct());
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
            Assert.True(
                schema.GetProperty("type").GetString() == "boolean" || Array.Exists(Bounds, bound => schema.TryGetProperty(bound, out _)),
                $"{p}");
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
    public async Task NoTextNamesATypeOfTheCode() =>
        Assert.DoesNotMatch(@"ProfileService\.\p{Lu}", (await DocumentAsync()).GetRawText());

    [Fact]
    public async Task AnswersKeepToTheDocument()
    {
        await service.AcceptAsync([.. Enumerable.Range(0, 12)
            .Select(i => Event(i, "try-me", $"i{i}", "review", category: "shoes", value: 9.5, text: "Lovely"))]);
        await service.PutAsync("/v1/users/try-me/attributes", """{"age":34,"gender":"female","vip":true}""");
        await service.PutAsync("/v1/items/sku-9", """{"title":"Shoe","price":59.9,"labels":["sale"]}""");
        await service.PutAsync("/v1/items/yoga-011", """{"categories":["yoga"]}""");
        Assert.Equal(200, (await service.FreshAsync("try-me")).Status);
        var erasure = await service.SendAsync(HttpMethod.Delete, "/v1/users/nobody", []);
        await CheckAsync(await OperationAsync("eraseUser"), erasure, 202);
        var receipt = erasure.Json.GetProperty("receipt").GetString();
        await service.Services.GetRequiredService<ReleaseMaker>().MakeAsync(TestContext.Current.CancellationToken);
        foreach (var operation in (await OperationsAsync()).Where(o => o.Method == "get"))
            await CheckAsync(operation, await service.GetAsync(operation.SamplePath.Replace("{receipt}", receipt, StringComparison.Ordinal)), 200);
        foreach (var (path, id, body) in Reads)
            await CheckAsync(await OperationAsync(id), await service.PostAsync(path, body), 200);
        var profile = await OperationAsync("getProfile");
        await CheckAsync(profile, await service.GetAsync($"{profile.SamplePath}?include=vector,dimensions,explanation"), 200);
        await CheckAsync(profile, await service.GetAsync("/v1/users/nobody/profile"), 404);
    }

    [Theory]
    [InlineData("""[{"userId":"u1"},{"userId":""}]""", "application/json", 400)]
    [InlineData("[{]", "application/json", 400)]
    [InlineData("{}", "text/plain", 415)]
    [InlineData("""[{"userId":"u1","kind":"view","itemId":"i1","timestamp":"2026-11-01","colour":"red"},{}]""", "application/json", 202)]
    public async Task VerdictsOnEventsKeepToTheDocument(string body, string type, int status) =>
        await CheckAsync(await OperationAsync("postEvents"), await service.PostAsync("/v1/events", body, type), status);

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/octet-stream")]
    public async Task HeadersOfProfilesAreDescribed(string accept)
    {
        await service.PostAsync("/v1/events", Event(1, "headers").Json());
        await service.FreshAsync("headers");
        var profile = await service.GetAsync("/v1/users/headers/profile", ("Accept", accept));
        var lookup = await service.PostAsync("/v1/profiles/lookup", """{"userIds":["headers"]}""", "application/json", ("Accept", accept));
        Assert.Equal([], Own(profile).Except(Described(await OperationAsync("getProfile"))));
        Assert.Equal([], Own(lookup).Except(Described(await OperationAsync("lookupProfiles"))));

        static IEnumerable<string> Own(Reply reply) =>
            reply.Headers.Keys.Where(h => h == "ETag" || h.StartsWith("X-Profile-", StringComparison.Ordinal));

        static IEnumerable<string> Described(Operation operation) =>
            operation.Json.GetProperty("responses").GetProperty("200").GetProperty("headers").EnumerateObject().Select(h => h.Name);
    }

    [Fact]
    public async Task BoundsThatAreSettingsAreThoseOfTheProcess()
    {
        using var other = new TestService(("Events:ExtraKinds:0", "wish"), ("Events:MaxArrayLength", "7"), ("Lookup:MaxUsers", "5"));
        var document = (await other.GetAsync(Path)).Json;
        var kind = Find(document, "components", "schemas", "UserEvent", "properties", "kind", "enum");
        Assert.Contains("wish", kind.EnumerateArray().Select(k => k.GetString()));
        var users = Find(document, "components", "schemas", "LookupRequest", "properties", "userIds");
        Assert.Equal(5, users.GetProperty("maxItems").GetInt32());
        var session = Find(document, "components", "schemas", "SessionRequest", "properties", "events");
        Assert.Equal(7, session.GetProperty("maxItems").GetInt32());
        var body = Find(document, "paths", "/v1/events", "post", "requestBody", "content", "application/json", "schema");
        Assert.Equal(7, body.GetProperty("oneOf")[1].GetProperty("maxItems").GetInt32());
    }

    private async Task<JsonElement> DocumentAsync() => (await service.GetAsync(Path)).Json;

    private async Task<IReadOnlyList<Operation>> OperationsAsync() =>
    [
        .. from path in (await DocumentAsync()).GetProperty("paths").EnumerateObject()
           from operation in path.Value.EnumerateObject()
           select new Operation(path.Name, operation.Name, operation.Value),
    ];

    private async Task<Operation> OperationAsync(string id) =>
        (await OperationsAsync()).Single(o => o.Json.GetProperty("operationId").GetString() == id);

    private static JsonElement Find(JsonElement of, params string[] path) => path.Aggregate(of, (found, name) => found.GetProperty(name));

    private async Task CheckAsync(Operation operation, Reply reply, int status)
    {
        Assert.Equal((operation.Path, status), (operation.Path, reply.Status));
        var schema = new JsonSchema(await DocumentAsync());
        var answer = schema.Resolve(operation.Json.GetProperty("responses").GetProperty($"{status}"));
        Assert.Equal([], schema.ProblemsOf(FirstOf(reply), Find(answer, "content", reply.ContentType!, "schema")));
    }

    // The schema of a stream of lines is that of the first.
    private static JsonElement FirstOf(Reply reply) => reply.ContentType == "application/x-ndjson"
        ? JsonElement.Parse(reply.Body.AsSpan(0, reply.Body.AsSpan().IndexOf((byte)'\n')))
        : reply.Json;

    [GeneratedRegex("^[a-z]+([A-Z][a-z]+)*$")]
    private static partial Regex CamelCase();

    private sealed record Operation(string Path, string Method, JsonElement Json)
    {
        public string SamplePath =>
            Path.Replace("{userId}", "try-me", StringComparison.Ordinal)
                .Replace("{itemId}/", "yoga-011/", StringComparison.Ordinal)
                .Replace("{category}", "yoga", StringComparison.Ordinal)
                .Replace("{itemId}", "sku-9", StringComparison.Ordinal);
    }
}
