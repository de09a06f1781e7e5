using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ProfileService.Auth;
using ProfileService.Mcp;
using ProfileService.Platform;
using ProfileService.Storage;
using IdentityProvider = ProfileService.Tests.Auth.IdentityProvider;
using KeyedService = ProfileService.Tests.Auth.KeyedService;

namespace ProfileService.Tests.Mcp;

/// <summary>Every tool with every scope: it may be called by whoever may send its request, and by nobody else.</summary>
public sealed partial class ToolScopeTests(ToolScopeTests.Keyed keyed) : IClassFixture<ToolScopeTests.Keyed>
{
    private static readonly Dictionary<string, string[]> Required = new()
    {
        ["get_profile"] = [Scopes.ProfilesRead],
        ["explain_profile"] = [Scopes.RawRead],
        ["recommend_items"] = [Scopes.ProfilesRead],
        ["rank_items"] = [Scopes.ProfilesRead],
        ["predict_next"] = [Scopes.ProfilesRead],
        ["similar_users"] = [Scopes.ProfilesRead, Scopes.UsersList],
        ["get_item"] = [Scopes.ProfilesRead],
        ["similar_items"] = [Scopes.ProfilesRead],
        ["popular_items"] = [Scopes.ProfilesRead],
        ["trending_items"] = [Scopes.ProfilesRead],
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EachToolNeedsTheScopesOfItsRouteAndNoOthers()
    {
        Assert.Equal(ToolDefinitions.All.Select(t => t.Name).Order(), Required.Keys.Order());
        foreach (var (name, required) in Required)
        {
            await using var right = await Agent.ConnectAsync(keyed.Service, await keyed.KeyAsync(required));
            Assert.NotEqual("scope_missing", await CodeAsync(right, name));
            foreach (var lacking in required)
            {
                var less = await keyed.KeyAsync([.. Scopes.All.Where(scope => scope != lacking)]);
                await using var poor = await Agent.ConnectAsync(keyed.Service, less);
                Assert.Equal(("scope_missing", name), (await CodeAsync(poor, name), name));
            }

            var description = (await right.ListToolsAsync(cancellationToken: Token)).Single(t => t.Name == name).Description;
            Assert.EndsWith($"The caller's key needs {string.Join(" and ", required)}.", description, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void TableOfThePageHasEveryToolWithItsScopes()
    {
        var page = File.ReadAllText(Repository.Path("docs/mcp.md"));
        var rows = Row().Matches(page).Select(row => (row.Groups["tool"].Value, row.Groups["operation"].Value, row.Groups["scopes"].Value));
        Assert.Equal(ToolDefinitions.All.Select(tool => (tool.Name, tool.Operation, ScopesOf(tool.Name))), rows);

        static string ScopesOf(string tool) => string.Join(", ", Required[tool].Select(scope => $"`{scope}`"));
    }

    [Fact]
    public async Task RefusalIsInTheWordsOfTheRoute()
    {
        var key = await keyed.KeyAsync(Scopes.ProfilesRead);
        await using var agent = await Agent.ConnectAsync(keyed.Service, key);
        var problem = (await keyed.Service.GetAsync("/v1/users/u1/explanation", KeyedService.Bearer(key))).Problem(403);
        Assert.Equal(
            ("scope_missing", problem.GetProperty("detail").GetString()!), await agent.RefusedAsync("explain_profile", ("userId", "u1")));
    }

    [Theory]
    [InlineData("none", "credentials_missing")]
    [InlineData("wrong", "credentials_invalid")]
    [InlineData("revoked", "credentials_revoked")]
    public async Task CallerWithoutAValidKeyLearnsNothing(string kind, string code)
    {
        (string, string)[] credentials = kind switch
        {
            "none" => [],
            "wrong" => [KeyedService.Bearer("psk_not-a-key")],
            _ => [KeyedService.Bearer(await keyed.RevokedKeyAsync())],
        };
        const string List = """{"jsonrpc":"2.0","id":1,"method":"tools/list"}""";
        var reply = await keyed.Service.PostAsync(
            McpSetup.Path, List, "application/json", [("Accept", "application/json, text/event-stream"), .. credentials]);
        Assert.Equal(code, reply.Problem(401).GetProperty("code").GetString());
        Assert.StartsWith("Bearer", reply.Headers["WWW-Authenticate"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Oidc")]
    [InlineData("Both")]
    public async Task TokenOfAProviderOpensTheToolsOfItsScopes(string mode)
    {
        await using var provider = await IdentityProvider.StartAsync(IdentityProvider.NewKey());
        using var service = new TestService(
            ("Mcp:Enabled", "true"), ("Auth:Mode", mode),
            ("Auth:Authority", provider.Authority), ("Auth:Audience", IdentityProvider.Audience));
        await using var agent = await Agent.ConnectAsync(service, await provider.TokenAsync(Scopes.ProfilesRead));
        Assert.Equal("unknown_user", await CodeAsync(agent, "get_profile"));
        Assert.Equal("scope_missing", await CodeAsync(agent, "explain_profile"));
    }

    [Fact]
    public async Task CallStandsInTheAuditLogAsItsRequest()
    {
        var key = await keyed.KeyAsync(Scopes.RawRead);
        await using var agent = await Agent.ConnectAsync(keyed.Service, key);
        await agent.CallAsync("explain_profile", ("userId", "somebody"));
        await agent.CallAsync("get_profile", ("userId", "somebody"));
        var contexts = keyed.Service.Services.GetRequiredService<IDbContextFactory<ProfileDbContext>>();
        await using var db = await contexts.CreateDbContextAsync(Token);
        var caller = $"key:{ApiKey.IdOf(key)}";
        await Eventually.IsTrueAsync(async () => await db.AuditLog.CountAsync(r => r.Caller == caller, Token) == 2);
        var rows = await db.AuditLog.AsNoTracking().Where(r => r.Caller == caller).ToListAsync(Token);
        Assert.Equal([("getExplanation", 404), ("getProfile", 403)], rows.Select(r => (r.Action, r.Status)).Order());
        Assert.All(rows, r => Assert.Equal(keyed.Service.Services.GetRequiredService<UserHash>().Of("somebody"), r.UserHash));
    }

    [Fact]
    public async Task CallCountsOnceAgainstTheLimitOfRequests()
    {
        var key = await keyed.KeyAsync(new NewKey("slow", [Scopes.ProfilesRead], null, Requests: 1));
        const string Call = """
            {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get_profile","arguments":{"userId":"u1"}}}
            """;
        (string, string)[] headers = [("Accept", "application/json, text/event-stream"), KeyedService.Bearer(key)];
        var reply = await PostAsync();
        Assert.Contains("unknown_user", Encoding.UTF8.GetString(reply.Body), StringComparison.Ordinal);
        await Eventually.IsTrueAsync(async () =>
            (await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => PostAsync()))).Any(r => r.Status == 429));

        Task<Reply> PostAsync() => keyed.Service.PostAsync(McpSetup.Path, Call, "application/json", headers);
    }

    [Fact]
    public async Task UsersOfCallsCountAgainstTheirLimit()
    {
        var key = await keyed.KeyAsync(new NewKey("curious", [Scopes.ProfilesRead], null, Users: 1));
        await using var agent = await Agent.ConnectAsync(keyed.Service, key);
        var (calls, problem) = (0, (JsonNode?)null);
        for (; (string?)problem?["code"] != "rate_limited" && calls < 3_000; calls++)
            problem = Agent.ProblemOf(await agent.CallAsync("get_profile", ("userId", "u1")));
        Assert.InRange(calls, 1_000, 2_999); // a bucket holds a thousand, as for REST
        Assert.InRange((int)problem!["retryAfterSeconds"]!, 1, 60);
    }

    private static async Task<string?> CodeAsync(ModelContextProtocol.Client.McpClient agent, string tool)
    {
        var arguments = ToolDefinitions.All.Single(t => t.Name == tool).Arguments.Where(a => a is "userId" or "itemId" or "itemIds")
            .Select(a => (a, (object?)(a == "itemIds" ? (string[])["i1"] : "u1"))).ToArray();
        var result = await agent.CallAsync(tool, arguments);
        return (string?)Agent.ProblemOf(result)?["code"];
    }

    [GeneratedRegex(@"^\| `(?<tool>\w+)` \| `(?<operation>\w+)`[^|]* \| (?<scopes>[^|]+) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    /// <summary>A service that asks for keys and has tools.</summary>
    public sealed class Keyed : IDisposable
    {
        private readonly KeyedService _service = new(("Mcp:Enabled", "true"));

        public TestService Service => _service.Service;

        public void Dispose() => _service.Dispose();

        internal Task<string> KeyAsync(params string[] scopes) => _service.KeyAsync(scopes);

        internal Task<string> KeyAsync(NewKey wanted) => _service.KeyAsync(wanted);

        internal Task<string> RevokedKeyAsync() => _service.RevokedKeyAsync();
    }
}
