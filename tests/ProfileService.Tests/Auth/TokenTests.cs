using System.Net;
using System.Net.Sockets;
using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using ProfileService.Platform;
using ProfileService.Storage;
using static ProfileService.Tests.Auth.KeyedService;

namespace ProfileService.Tests.Auth;

/// <summary>Access tokens of an OpenID Connect provider.</summary>
public sealed class TokenTests : IAsyncLifetime
{
    private static readonly RsaSecurityKey Key = IdentityProvider.NewKey();

    private IdentityProvider _provider = null!;
    private TestService _service = null!;

    public async ValueTask InitializeAsync()
    {
        _provider = await IdentityProvider.StartAsync(Key, FreePort.Take()); // which nobody else takes while it starts again
        _service = Start("Oidc");
    }

    public async ValueTask DisposeAsync()
    {
        _service.Dispose();
        await _provider.DisposeAsync();
    }

    [Fact]
    public async Task ScopesOfATokenOpenTheirRoutes()
    {
        var token = await _provider.TokenAsync($"{Scopes.ProfilesRead} {Scopes.EventsWrite}");
        var access = await _service.GetAsync("/v1/access", Bearer(token));
        Assert.Equal("""{"mode":"Oidc","caller":"recommender","scopes":["events:write","profiles:read"]}""", access.Json.GetRawText());
        Assert.Equal(200, (await _service.GetAsync("/v1/status", Bearer(token))).Status);
        Assert.Equal("scope_missing", (await _service.GetAsync("/v1/users/u/window", Bearer(token))).Problem(403).GetProperty("code").GetString());
    }

    [Fact]
    public async Task TokenForAnotherServiceIsRefused() => await RefusedAsync(await _provider.TokenAsync(Scopes.ProfilesRead, "another"), "credentials_invalid");

    [Fact]
    public async Task TokenOfAnotherProviderIsRefused()
    {
        await using var other = await IdentityProvider.StartAsync(IdentityProvider.NewKey());
        await RefusedAsync(await other.TokenAsync(Scopes.ProfilesRead), "credentials_invalid");
    }

    [Theory]
    [InlineData(10, "00:05:00", true)]
    [InlineData(10, "00:00:00", false)]
    [InlineData(310, "00:05:00", false)]
    public async Task TokenThatHasExpiredIsTakenWithinTheClockSkewAlone(int secondsAgo, string skew, bool isTaken)
    {
        await using var slow = await IdentityProvider.StartAsync(Key, behind: TimeSpan.FromMinutes(10) + TimeSpan.FromSeconds(secondsAgo));
        using var service = new TestService(Settings("Oidc", slow.Authority, ("Auth:ClockSkew", skew)));
        var reply = await service.GetAsync("/v1/status", Bearer(await slow.TokenAsync(Scopes.ProfilesRead)));
        if (isTaken)
            Assert.Equal(200, reply.Status);
        else
            Assert.Equal("credentials_expired", reply.Problem(401).GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("none")]
    [InlineData("HS256")]
    [InlineData("RS512")]
    [InlineData("another key")]
    public async Task TokenThatTheProviderDidNotSignIsRefused(string how)
    {
        var handler = new JsonWebTokenHandler();
        var claims = new SecurityTokenDescriptor
        {
            Issuer = _provider.Authority,
            Audience = IdentityProvider.Audience,
            Expires = TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(5),
            Subject = new ClaimsIdentity([new("scope", Scopes.ProfilesRead), new("sub", "forger")]),
            SigningCredentials = how switch
            {
                "none" => null,
                // the public key as if it were a shared secret
                "HS256" => new SigningCredentials(
                    new SymmetricSecurityKey(Key.Rsa.ExportSubjectPublicKeyInfo()) { KeyId = Key.KeyId }, SecurityAlgorithms.HmacSha256),
                "RS512" => new SigningCredentials(Key, SecurityAlgorithms.RsaSha512), // right key, algorithm not allowed
                _ => new SigningCredentials(IdentityProvider.NewKey(), SecurityAlgorithms.RsaSha256),
            },
        };
        await RefusedAsync(handler.CreateToken(claims), "credentials_invalid");
    }

    [Fact]
    public async Task TokenOfANewSigningKeyIsTakenAndOneOfAWithdrawnKeyIsNot()
    {
        var former = await _provider.TokenAsync(Scopes.ProfilesRead);
        Assert.Equal(200, (await _service.GetAsync("/v1/status", Bearer(former))).Status);
        var port = new Uri(_provider.Authority).Port;
        await _provider.DisposeAsync();
        _provider = await IdentityProvider.StartAsync(IdentityProvider.NewKey(), port);
        var renewed = await _provider.TokenAsync(Scopes.ProfilesRead);
        await Eventually.IsTrueAsync(async () => (await _service.GetAsync("/v1/status", Bearer(renewed))).Status == 200);
        await Eventually.IsTrueAsync(async () => (await _service.GetAsync("/v1/status", Bearer(former))).Status == 401);
    }

    [Fact]
    public async Task WhileTheProviderIsAwayNobodyIsLetInAndTheAnswerSaysWhy()
    {
        var token = await _provider.TokenAsync(Scopes.ProfilesRead);
        await _provider.DisposeAsync();
        var reply = await _service.GetAsync("/v1/status", Bearer(token));
        Assert.Equal("identity_provider_unavailable", reply.Problem(503).GetProperty("code").GetString());
        Assert.Contains("Retry-After", reply.Headers.Keys);
    }

    [Fact]
    public async Task WhileTheProviderIsAwayAStrangerNamesNobodyInTheAuditLog()
    {
        var token = await _provider.TokenAsync(Scopes.ProfilesRead);
        await _provider.DisposeAsync();
        foreach (var user in (string[])["ada", "ben"])
            Assert.Equal(503, (await _service.GetAsync($"/v1/users/{user}/window", Bearer(token))).Status);
        var contexts = _service.Services.GetRequiredService<IDbContextFactory<ProfileDbContext>>();
        await Eventually.IsTrueAsync(async () => (await RowsAsync()).Sum(r => r.Count) == 2);
        Assert.All(await RowsAsync(), row => Assert.Equal((503, ""), (row.Status, row.UserHash)));

        async Task<List<AuditRow>> RowsAsync()
        {
            await using var db = await contexts.CreateDbContextAsync(TestContext.Current.CancellationToken);
            return await db.AuditLog.AsNoTracking().ToListAsync(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task RequestThatWaitsForAProviderWhoKeepsSilentEndsWithItsTime()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0); // the system accepts, and nobody reads
        silent.Start();
        (string, string)[] brief = [("Hosting:RequestTimeout", "00:00:01"), ("Lookup:FreshTimeout", "00:00:01")];
        using var service = new TestService(Settings("Oidc", $"http://{silent.LocalEndpoint}", brief));
        var reply = await service.GetAsync("/v1/status", Bearer(await _provider.TokenAsync(Scopes.ProfilesRead)));
        Assert.Contains("Hosting:RequestTimeout", reply.Problem(503).GetProperty("detail").GetString()!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BothTakesKeysAndTokens()
    {
        using var keyed = new KeyedService(Settings("Both", _provider.Authority));
        foreach (var credentials in (string[])[await keyed.KeyAsync(Scopes.ProfilesRead), await _provider.TokenAsync(Scopes.ProfilesRead)])
        {
            Assert.Equal(200, (await keyed.Service.GetAsync("/v1/status", Bearer(credentials))).Status);
            Assert.Equal(403, (await keyed.Service.GetAsync("/v1/users", Bearer(credentials))).Status);
            Assert.Equal(401, (await keyed.Service.GetAsync("/v1/status", Bearer($"{credentials}x"))).Status);
        }

        Assert.Equal("credentials_revoked", (await keyed.Service.GetAsync("/v1/status", Bearer(await keyed.RevokedKeyAsync()))).Problem(401).GetProperty("code").GetString());
        Assert.Equal("credentials_missing", (await keyed.Service.GetAsync("/v1/status")).Problem(401).GetProperty("code").GetString());
    }

    private TestService Start(string mode) => new(Settings(mode, _provider.Authority));

    private static (string, string)[] Settings(string mode, string authority, params (string, string)[] more) =>
        [("Auth:Mode", mode), ("Auth:Authority", authority), ("Auth:Audience", IdentityProvider.Audience), .. more];

    private async Task RefusedAsync(string token, string code)
    {
        Assert.Equal(200, (await _service.GetAsync("/v1/status", Bearer(await _provider.TokenAsync(Scopes.ProfilesRead)))).Status); // it does work
        Assert.Equal(code, (await _service.GetAsync("/v1/status", Bearer(token))).Problem(401).GetProperty("code").GetString());
    }
}
