using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ProfileService.Platform;
using ProfileService.Storage;
using KeyedService = ProfileService.Tests.Auth.KeyedService;
using Route = ProfileService.Tests.Host.Route;
using static ProfileService.Tests.Auth.KeyedService;
using static ProfileService.Tests.Beacon.BeaconTests;

namespace ProfileService.Tests.Beacon;

/// <summary>What tokens and keys are good for, and which pages may send what, where callers are asked for keys.</summary>
public sealed class BeaconAccessTests(KeyedService keyed) : IClassFixture<KeyedService>
{
    private const string Listed = TestService.Page;
    private const string Text = "text/plain";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TokenNeedsNoKeyAndIsMadeByOne()
    {
        var user = NewUser();
        Assert.Equal(401, (await keyed.Service.PostAsync($"/v1/users/{user}/tokens", "")).Status);
        var token = await TokenOfAsync(user);
        Assert.Equal(202, (await keyed.Service.PostAsync("/v1/beacon", Body(token, Of(1)), Text)).Status);
        Assert.Equal(1, await EventsAsync(keyed.Service, user, Bearer(await keyed.KeyAsync())));
    }

    [Fact]
    public async Task TokenIsNoBearerTokenAnywhere()
    {
        var token = await TokenOfAsync("u1");
        foreach (var route in (await Route.AllAsync(keyed.Service)).Where(r => !r.Path.StartsWith("/health", StringComparison.Ordinal)))
        {
            var reply = await keyed.Service.SendAsync(new HttpMethod(route.Method), route.Path, [Bearer(token)]);
            Assert.True(reply.Status is 401 or 415, $"{route.Method} {route.Path}: {reply.Status}");
            Assert.True(reply.Status == 401 || route.Path == "/v1/beacon", $"{route.Method} {route.Path}: {reply.Status}");
        }
    }

    [Fact]
    public async Task KeyIsNoTokenAndInTheHeaderOfABeaconItIsNotReadAtAll()
    {
        var (user, key) = (NewUser(), await keyed.KeyAsync());
        var inBody = (await keyed.Service.PostAsync("/v1/beacon", Body(key, Of(1)), Text)).Problem(401);
        Assert.Equal("token_invalid", inBody.GetProperty("code").GetString());
        var inHeader = (await keyed.Service.PostAsync("/v1/beacon", """{"events":[]}""", Text, Bearer(key))).Problem(400);
        Assert.Equal("missing_field", inHeader.GetProperty("code").GetString());
        var token = await TokenOfAsync(user);
        Assert.Equal(202, (await keyed.Service.PostAsync("/v1/beacon", Body(token, Of(1)), Text, Bearer("psk_not-a-key"))).Status);
    }

    [Theory]
    [InlineData("application/x-ndjson")]
    [InlineData("application/x-www-form-urlencoded")]
    public async Task WrongContentTypeIsToldToThePageAndNoKeyIsAskedFor(string type)
    {
        var body = Body(await TokenOfAsync(NewUser()), Of(1));
        var reply = await keyed.Service.PostAsync("/v1/beacon", body, type, ("Origin", Listed));
        var problem = reply.Problem(415);
        Assert.Equal("unsupported_media_type", problem.GetProperty("code").GetString());
        Assert.Equal("Send text/plain or application/json as Content-Type.", problem.GetProperty("detail").GetString());
        Assert.Equal(Listed, reply.Headers["Access-Control-Allow-Origin"]);
    }

    [Fact]
    public async Task TokenInTheAddressIsRefused()
    {
        var token = await TokenOfAsync(NewUser());
        var problem = (await keyed.Service.PostAsync($"/v1/beacon?token={token}", """{"events":[]}""", Text)).Problem(400);
        Assert.Equal("unknown_parameter", problem.GetProperty("code").GetString());
    }

    [Fact]
    public async Task RefusedTokenStandsInTheAuditLogWithoutAUser()
    {
        using var other = new KeyedService();
        await other.Service.PostAsync("/v1/beacon", Body("forged", Of(1)), Text);
        var contexts = other.Service.Services.GetRequiredService<IDbContextFactory<ProfileDbContext>>();
        AuditRow? row = null;
        await Eventually.IsTrueAsync(async () =>
        {
            await using var db = await contexts.CreateDbContextAsync(Token);
            row = await db.Set<AuditRow>().AsNoTracking().SingleOrDefaultAsync(r => r.Action == "postBeacon", Token);
            return row is not null;
        });
        Assert.Equal(("unknown", 401, ""), (row!.Caller, row.Status, row.UserHash));
    }

    [Theory]
    [InlineData("https://elsewhere.example")]
    [InlineData("http://shop.example")]
    [InlineData("https://shop.example:8443")]
    [InlineData("https://a.shop.example")]
    [InlineData("https://shop.example.evil")]
    [InlineData("https://SHOP.example")]
    [InlineData("null")]
    public async Task PageOfAnOriginThatIsNotListedIsRefusedAndHasNoEffect(string origin)
    {
        var user = NewUser();
        var body = Body(await TokenOfAsync(user), Of(1));
        (string, string) from = ("Origin", origin);
        foreach (var site in (string[])["none given", "cross-site", "same-site"])
        {
            (string, string)[] headers = site == "none given" ? [from] : [from, ("Sec-Fetch-Site", site)];
            var reply = await keyed.Service.PostAsync("/v1/beacon", body, Text, headers);
            Assert.Equal("cross_site", reply.Problem(403).GetProperty("code").GetString());
            Assert.False(GrantsAnything(reply));
        }

        Assert.Equal(403, (await PreflightAsync("/v1/beacon", origin)).Status);
        Assert.Equal(0, await EventsAsync(keyed.Service, user, Bearer(await keyed.KeyAsync())));
    }

    [Fact]
    public async Task ListedPageIsLetInWithoutCredentialsOfTheBrowser()
    {
        (string, string)[] page = [("Origin", Listed), ("Sec-Fetch-Site", "cross-site")];
        var reply = await keyed.Service.PostAsync("/v1/beacon", Body(await TokenOfAsync(NewUser()), Of(1)), Text, page);
        Assert.Equal((202, Listed), (reply.Status, reply.Headers["Access-Control-Allow-Origin"]));
        Assert.Equal("cross-origin", reply.Headers["Cross-Origin-Resource-Policy"]);
        Assert.DoesNotContain("Access-Control-Allow-Credentials", reply.Headers.Keys);
        var refused = await keyed.Service.PostAsync("/v1/beacon", Body("x", Of(1)), Text, page);
        Assert.Equal((401, Listed), (refused.Status, refused.Headers["Access-Control-Allow-Origin"])); // so that the page can read why
    }

    [Theory]
    [InlineData("/v1/beacon/")]
    [InlineData("/V1/Beacon")]
    public async Task AddressIsForPagesAsItIsWrittenAlone(string path)
    {
        var body = Body(await TokenOfAsync(NewUser()), Of(1));
        Assert.Equal(202, (await keyed.Service.PostAsync(path, body, Text)).Status);
        Assert.Equal(403, (await keyed.Service.PostAsync(path, body, Text, ("Origin", Listed))).Status);
        Assert.Equal(403, (await PreflightAsync(path, Listed)).Status);
    }

    [Fact]
    public async Task PreflightIsGrantedForThisAddressAlone()
    {
        var granted = await PreflightAsync("/v1/beacon", Listed);
        Assert.Equal((204, Listed, "POST", "Content-Type"), (
            granted.Status,
            granted.Headers["Access-Control-Allow-Origin"],
            granted.Headers["Access-Control-Allow-Methods"],
            granted.Headers["Access-Control-Allow-Headers"]));
        Assert.DoesNotContain("Access-Control-Allow-Credentials", granted.Headers.Keys);
        foreach (var route in await OthersAsync())
        {
            var reply = await PreflightAsync(route.Path, Listed);
            Assert.Equal((route.Path, 403, false), (route.Path, reply.Status, GrantsAnything(reply)));
        }
    }

    [Fact]
    public async Task ListedPageIsRefusedAtEveryOtherAddress()
    {
        var key = Bearer(await keyed.KeyAsync());
        foreach (var route in await OthersAsync())
        {
            var reply = await keyed.Service.SendAsync(new HttpMethod(route.Method), route.Path, [("Origin", Listed), key]);
            Assert.Equal((route.Path, 403), (route.Path, reply.Status));
        }
    }

    private async Task<IEnumerable<Route>> OthersAsync() => (await Route.AllAsync(keyed.Service))
        .Where(route => route.Path.StartsWith("/v1", StringComparison.Ordinal) && route.Path != "/v1/beacon");

    private async Task<string> TokenOfAsync(string user) =>
        await TokenAsync(keyed.Service, user, Bearer(await keyed.KeyAsync(Scopes.EventsWrite)));

    private Task<Reply> PreflightAsync(string path, string origin) => keyed.Service.SendAsync(
        HttpMethod.Options,
        path,
        [
            ("Origin", origin),
            ("Sec-Fetch-Site", "cross-site"),
            ("Access-Control-Request-Method", "POST"),
            ("Access-Control-Request-Headers", "content-type"),
        ]);

    private static bool GrantsAnything(Reply reply) =>
        reply.Headers.Keys.Any(name => name.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
}
