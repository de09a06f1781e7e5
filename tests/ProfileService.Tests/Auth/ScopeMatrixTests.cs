using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ProfileService.Platform;
using Route = ProfileService.Tests.Host.Route;
using static ProfileService.Tests.Auth.KeyedService;

namespace ProfileService.Tests.Auth;

/// <summary>Every route with every kind of credentials and in every form of request.</summary>
public sealed class ScopeMatrixTests(KeyedService keyed) : IClassFixture<KeyedService>
{
    private const string Beacon = "/v1/beacon"; // takes a token for pages in its body

    private static readonly string[] Open = ["/", "/console/{**path}", "/health/live", "/health/ready", "/swagger/v1/swagger.json", Beacon];

    // JSON, binary, conditional, and from a page of the service.
    private static readonly (string, string)[][] Forms =
    [
        [("Accept", "application/json")],
        [("Accept", "application/octet-stream")],
        [("If-None-Match", "\"x\"")],
        [("Sec-Fetch-Site", "same-origin")],
    ];

    [Fact]
    public void EveryRouteNamesAScopeOrIsOneOfThoseWithoutData() => Assert.All(Endpoints(), endpoint => Assert.True(
        Open.Contains(PathOf(endpoint)) || endpoint.Metadata.GetMetadata<AnyCaller>() is not null || ScopesOf(endpoint).Count > 0,
        $"{PathOf(endpoint)} names no scope"));

    [Fact]
    public void RoutesOfTheApiAreOpenToNobody() => Assert.All(
        Endpoints().Where(e => !Open.Contains(PathOf(e))), endpoint => Assert.Null(endpoint.Metadata.GetMetadata<IAllowAnonymous>()));

    [Theory]
    [InlineData("none", "credentials_missing")]
    [InlineData("wrong", "credentials_invalid")]
    [InlineData("another scheme", "credentials_missing")]
    [InlineData("another's secret", "credentials_invalid")]
    [InlineData("expired", "credentials_expired")]
    [InlineData("revoked", "credentials_revoked")]
    public async Task CallerWithoutAValidKeyIsRefusedEverywhere(string kind, string code)
    {
        var valid = await keyed.KeyAsync();
        (string, string)[] credentials = kind switch
        {
            "none" => [],
            "wrong" => [Bearer("psk_not-a-key")],
            "another scheme" => [("Authorization", $"Basic {valid}")],
            "another's secret" => [Bearer($"{valid[..16]}_{(await keyed.KeyAsync())[^43..]}")],
            "expired" => [Bearer(await keyed.ExpiredKeyAsync())],
            _ => [Bearer(await keyed.RevokedKeyAsync())],
        };
        foreach (var (method, path, _) in (await RoutesAsync()).Where(r => r.Path != Beacon))
        {
            foreach (var form in Forms)
            {
                var reply = await keyed.Service.SendAsync(new HttpMethod(method), path, [.. credentials, .. form]);
                Assert.True(reply.Status == 401, $"{method} {path} {form[0]}: {reply.Status}");
                Assert.StartsWith("Bearer", reply.Headers["WWW-Authenticate"], StringComparison.Ordinal);
                if (method != "HEAD")
                    Assert.Equal(code, reply.Problem(401).GetProperty("code").GetString());
            }
        }
    }

    [Fact]
    public async Task EachScopeOpensTheRoutesThatNameItAndNoOthers()
    {
        foreach (var (method, path, required) in await RoutesAsync())
        {
            var right = await keyed.KeyAsync([.. required.DefaultIfEmpty(Scopes.Admin)]);
            foreach (var form in Forms)
                Assert.False((await keyed.Service.SendAsync(new HttpMethod(method), path, [Bearer(right), .. form])).Status is 401 or 403, $"{method} {path} {form[0]}");
            foreach (var lacking in required)
            {
                var less = await keyed.KeyAsync([.. Scopes.All.Where(scope => scope != lacking)]);
                foreach (var form in Forms)
                {
                    var reply = await keyed.Service.SendAsync(new HttpMethod(method), path, [Bearer(less), .. form]);
                    Assert.True(reply.Status == 403 || method == "HEAD", $"{method} {path} without {lacking}, {form[0]}: {reply.Status}");
                    if (method != "HEAD")
                        Assert.Equal(("scope_missing", lacking), (reply.Problem(403).GetProperty("code").GetString(), reply.Json.GetProperty("scopes")[0].GetString()));
                }
            }
        }
    }

    [Theory]
    [InlineData("?include=explanation")]
    [InlineData("?include=vector,explanation")]
    [InlineData("?INCLUDE=explanation")]
    [InlineData("?include=%65xplanation")]
    public async Task ExplanationWithinAProfileNeedsTheScopeOfWhatItShows(string query)
    {
        var path = $"/v1/users/u1/profile{query}";
        Assert.Equal(403, (await keyed.Service.GetAsync(path, Bearer(await keyed.KeyAsync(Scopes.ProfilesRead)))).Status);
        Assert.NotEqual(403, (await keyed.Service.GetAsync(path, Bearer(await keyed.KeyAsync(Scopes.ProfilesRead, Scopes.RawRead)))).Status);
        Assert.NotEqual(403, (await keyed.Service.GetAsync("/v1/users/u1/profile?include=vector", Bearer(await keyed.KeyAsync(Scopes.ProfilesRead)))).Status);
    }

    [Fact]
    public async Task ReasonsOfRecommendationsNeedTheScopeOfWhatTheyShow()
    {
        const string Path = "/v1/users/u1/recommendations";
        var (reader, knower) = (Bearer(await keyed.KeyAsync(Scopes.ProfilesRead)), Bearer(await keyed.KeyAsync(Scopes.ProfilesRead, Scopes.RawRead)));
        Assert.Equal(403, (await keyed.Service.GetAsync($"{Path}?include=reason", reader)).Status);
        Assert.Equal(403, (await keyed.Service.PostAsync($"{Path}?include=reason", "{}", "application/json", reader)).Status);
        Assert.NotEqual(403, (await keyed.Service.GetAsync($"{Path}?include=reason", knower)).Status);
        Assert.NotEqual(403, (await keyed.Service.GetAsync(Path, reader)).Status);
    }

    [Fact]
    public async Task AddressesThatThereAreNotAreToldOnlyToCallersThatAreKnown()
    {
        foreach (var path in (string[])["/v1/nothing", "/nothing", "/v1"])
        {
            Assert.Equal(401, (await keyed.Service.GetAsync(path)).Status);
            Assert.Equal(404, (await keyed.Service.GetAsync(path, Bearer(await keyed.KeyAsync(Scopes.EventsWrite)))).Status);
        }

        Assert.Equal(405, (await keyed.Service.SendAsync(HttpMethod.Delete, "/v1/status", [Bearer(await keyed.KeyAsync())])).Status);
    }

    [Fact]
    public async Task CallerLearnsWhatItMayDo()
    {
        var reply = await keyed.Service.GetAsync("/v1/access", Bearer(await keyed.KeyAsync(Scopes.RawRead, Scopes.EventsWrite)));
        Assert.Equal("""{"mode":"Keys","caller":"test","scopes":["events:write","raw:read"]}""", reply.Json.GetRawText());
    }

    [Fact]
    public async Task PagesAndHealthAreShownToEveryone()
    {
        string[] paths = ["/", "/console/icon.svg", "/swagger/index.html", "/swagger/v1/swagger.json", "/health/live"];
        foreach (var path in paths)
            Assert.Equal((path, 200), (path, (await keyed.Service.GetAsync(path)).Status));
        await keyed.Service.Client.ReadyAsync(200);
    }

    private static string PathOf(RouteEndpoint endpoint) => $"/{endpoint.RoutePattern.RawText!.TrimStart('/')}";

    private static List<string> ScopesOf(Microsoft.AspNetCore.Http.Endpoint endpoint) =>
        [.. endpoint.Metadata.GetOrderedMetadata<ScopeRequirement>().Where(s => s.Part is null).Select(s => s.Scope)];

    private IEnumerable<RouteEndpoint> Endpoints() =>
        keyed.Service.Services.GetServices<EndpointDataSource>().SelectMany(s => s.Endpoints).OfType<RouteEndpoint>();

    /// <summary>The routes of the API, and HEAD of those that are read.</summary>
    private async Task<IEnumerable<(string Method, string Path, List<string> Scopes)>> RoutesAsync()
    {
        var all = await Route.AllAsync(keyed.Service);
        return all.Select(route => (route.Method, route.Path, route.Scopes))
            .Concat(all.Where(route => route.Method == "GET").Select(route => ("HEAD", route.Path, new List<string>())));
    }
}
