using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ProfileService.Host;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Host;

/// <summary>What pages of other sites cannot do through a browser, on every route that there is.</summary>
public sealed partial class BrowserGuardTests(TestService service) : IClassFixture<TestService>
{
    private static readonly string[] Headers = ["X-Content-Type-Options", "X-Frame-Options", "Cross-Origin-Resource-Policy", "Referrer-Policy", "Content-Security-Policy", "Cache-Control"];

    [Fact]
    public async Task NameThatIsNotLoopbackIsRefusedOnEveryRoute()
    {
        foreach (var (method, path) in Routes())
        {
            var reply = await SendAsync(service, method, path, ("Host", "rebound.example"));
            Assert.True(reply.Status == 400, $"{method} {path}: {reply.Status}");
            if (method != "HEAD")
                Assert.Contains("AllowedHosts", reply.Problem(400).GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task PageOfAnotherSiteIsRefusedOnEveryRouteOfTheApi()
    {
        (string, string)[] foreign = [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Site", "same-site"), ("Origin", "https://elsewhere.example"), ("Origin", "http://localhost:1"), ("Origin", "null")];
        foreach (var (method, path) in Routes().Where(r => r.Path.StartsWith("/v1", StringComparison.Ordinal)))
        {
            foreach (var header in foreign)
                Assert.True((await SendAsync(service, method, path, header)).Status == 403, $"{method} {path} {header}");
        }
    }

    [Fact]
    public async Task PreflightOfAnotherSiteIsGrantedNothing()
    {
        var reply = await SendAsync(service, "OPTIONS", "/v1/events", ("Origin", "https://elsewhere.example"), ("Access-Control-Request-Method", "POST"));
        Assert.Equal(403, reply.Status);
        Assert.DoesNotContain(reply.Headers.Keys, name => name.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task OwnPagesAndClientsThatAreNoBrowserPass()
    {
        var own = service.Client.BaseAddress!.GetLeftPart(UriPartial.Authority);
        foreach (var headers in ((string, string)[][])[[], [("Origin", own)], [("Sec-Fetch-Site", "same-origin")], [("Sec-Fetch-Site", "none")], [("Sec-Fetch-Site", "same-origin"), ("Origin", "https://before-the-proxy.example")]])
            Assert.Equal(200, (await SendAsync(service, "GET", "/v1/status", headers)).Status);
        foreach (var host in (string[])["localhost", $"localhost:{service.Client.BaseAddress!.Port}", "127.0.0.1", "[::1]:80", "LOCALHOST"])
            Assert.Equal(200, (await SendAsync(service, "GET", "/v1/status", ("Host", host))).Status);
    }

    [Fact]
    public async Task EveryAnswerOfEveryRouteHasTheHeaders()
    {
        foreach (var (method, path) in Routes())
        {
            foreach (var headers in ((string, string)[][])[[], [("Host", "rebound.example")], [("Sec-Fetch-Site", "cross-site")]])
                AssertHeaders(await SendAsync(service, method, path, headers), $"{method} {path}");
        }

        AssertHeaders(await service.PostAsync("/v1/profiles/lookup", "{"), "unreadable body");
        AssertHeaders(await SendAsync(service, "DELETE", "/v1/status"), "405");
    }

    [Fact]
    public async Task BodyThatAFormCanSendIsRefusedOnEveryRouteThatTakesOne()
    {
        foreach (var (method, path) in Routes().Where(r => r.Method is "POST" or "PUT" && r.Path != "/v1/beacon")) // which is for pages
        {
            foreach (var type in (string[])["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
            {
                var reply = method == "PUT" ? await service.PutAsync(path, "{}", type) : await service.PostAsync(path, "{}", type);
                Assert.True(reply.Status == 415, $"{method} {path} {type}: {reply.Status}");
            }
        }
    }

    [Fact]
    public async Task ProfileIsKeptByTheClientAloneAndAskedAfterByItsTag()
    {
        await service.AcceptAsync(Event(1, "kept"));
        var profile = await service.FreshAsync("kept");
        Assert.Equal("no-cache, private", profile.Headers["Cache-Control"]); // as the client library orders it
        var again = await service.GetAsync("/v1/users/kept/profile", ("If-None-Match", profile.Headers["ETag"]));
        Assert.Equal((304, "no-cache, private"), (again.Status, again.Headers["Cache-Control"]));
        Assert.Equal("no-store", (await service.GetAsync("/v1/users/kept/window")).Headers["Cache-Control"]);
    }

    [Fact]
    public async Task NamesThatTheSettingGivesAreTakenAndNoOthers()
    {
        using var named = new TestService(("AllowedHosts", "profiles.example;*.inner.example"));
        foreach (var (host, status) in new[] { ("profiles.example", 200), ("profiles.example:8080", 200), ("a.inner.example", 200), ("localhost", 400), ("other.example", 400), ("profiles.example.evil", 400) })
            Assert.Equal((host, status), (host, (await SendAsync(named, "GET", "/v1/status", ("Host", host))).Status));
    }

    [Fact]
    public async Task HealthIsToldToProbesWhateverTheSettingSays()
    {
        using var named = new TestService(("AllowedHosts", "profiles.example"));
        foreach (var (host, status) in new[] { ("localhost", 200), ("127.0.0.1:8080", 200), ("profiles.example", 200), ("other.example", 400) })
        {
            foreach (var path in (string[])["/health/live", "/health/live/"])
                Assert.Equal((host, status), (host, (await SendAsync(named, "GET", path, ("Host", host))).Status));
        }

        Assert.Equal(400, (await SendAsync(named, "GET", "/v1/status", ("Host", "localhost"))).Status); // also after a probe was allowed
    }

    [Theory]
    [InlineData("http://127.0.0.1:8080", false)]
    [InlineData("http://localhost:8080", false)]
    [InlineData("http://[::1]:8080", false)]
    [InlineData("http://[::]:8080", true)]
    [InlineData("http://0.0.0.0:8080", true)]
    [InlineData("http://*:8080", true)]
    [InlineData("http://192.0.2.1:8080", true)]
    public void AnyNameIsTakenWhereOthersCanReachTheAddress(string address, bool allowed)
    {
        var context = new DefaultHttpContext { Request = { Host = new HostString("profiles.example") }, Connection = { LocalPort = 8080 } };
        var names = new HostNames(new ConfigurationManager(), new Addresses(address), started: new CancellationToken(canceled: true));
        Assert.Equal(allowed, names.Allow(context));
    }

    [Theory]
    [InlineData("127.0.0.1", false)]
    [InlineData("::1", false)]
    [InlineData("192.0.2.1", true)]
    public void OnePortAtALoopbackAddressAndAtAnotherIsGuardedAtTheFirst(string at, bool allowed)
    {
        var context = new DefaultHttpContext
        {
            Request = { Host = new HostString("profiles.example") },
            Connection = { LocalPort = 8080, LocalIpAddress = IPAddress.Parse(at) },
        };
        var server = new Addresses("http://127.0.0.1:8080");
        server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Add("http://192.0.2.1:8080");
        Assert.Equal(allowed, new HostNames(new ConfigurationManager(), server, started: new CancellationToken(canceled: true)).Allow(context));
    }

    [Fact]
    public void LoopbackAddressesThatAreBoundLaterAreGuardedToo()
    {
        using var started = new CancellationTokenSource();
        var server = new Addresses("http://127.0.0.1:8080");
        var names = new HostNames(new ConfigurationManager(), server, started.Token);
        names.Allow(Request(9090)); // before the server knows that address
        server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Add("http://127.0.0.1:9090");
        Assert.False(names.Allow(Request(9090)));
        started.Cancel();
        Assert.Equal((false, false), (names.Allow(Request(8080)), names.Allow(Request(9090))));

        static HttpContext Request(int port) =>
            new DefaultHttpContext { Request = { Host = new HostString("profiles.example") }, Connection = { LocalPort = port } };
    }

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();

    private static Task<Reply> SendAsync(TestService to, string method, string path, params (string, string)[] headers) => to.SendAsync(new HttpMethod(method), path, headers);

    private static void AssertHeaders(Reply reply, string what) => Assert.All(Headers, header => Assert.True(reply.Headers.ContainsKey(header), $"{what}: {reply.Status} without {header}"));

    // The endpoints, and what the documentation's pages and the error of an unknown address come from.
    private IEnumerable<(string Method, string Path)> Routes() =>
        service.Services.GetServices<EndpointDataSource>().SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
            .SelectMany(e => (e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Select(m => (m, $"/{Parameter().Replace(e.RoutePattern.RawText!.TrimStart('/'), "x")}")))
            .Concat([("GET", "/swagger/index.html"), ("GET", "/swagger/v1/swagger.json"), ("GET", "/swagger/swagger-ui.css"), ("GET", "/nothing"), ("GET", "/v1/nothing"), ("OPTIONS", "/v1/events")]);

    private sealed class Addresses : IServer
    {
        public Addresses(string address)
        {
            var addresses = new ServerAddressesFeature();
            addresses.Addresses.Add(address);
            Features.Set<IServerAddressesFeature>(addresses);
        }

        public IFeatureCollection Features { get; } = new FeatureCollection();

        public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
            where TContext : notnull => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public void Dispose()
        {
        }
    }
}
