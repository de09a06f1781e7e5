using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace ProfileService.Tests.ConsolePages;

/// <summary>The console's files as a client gets them.</summary>
[Needs(Need.Server)]
public sealed partial class ConsoleFilesTests(TestService service, TestServers servers) : IClassFixture<TestService>
{
    [Fact]
    public async Task PageComesWithAPolicyThatLetsNothingInFromElsewhere()
    {
        var reply = await service.GetAsync("/");
        Assert.Equal((200, "text/html"), (reply.Status, reply.ContentType));
        Assert.StartsWith("default-src 'self';", reply.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", reply.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.Equal("nosniff", reply.Headers["X-Content-Type-Options"]);
    }

    [Fact]
    public async Task PageNamesOneScriptOneStyleSheetAndTheIcon()
    {
        var files = await FilesAsync();
        Assert.Equal([".css", ".js", ".svg"], files.Select(Path.GetExtension).Order());
        foreach (var path in files)
            Assert.Equal(200, (await service.GetAsync(path)).Status);
    }

    [Fact]
    public async Task FileWithItsHashInTheNameIsKeptForAYear()
    {
        foreach (var path in (await FilesAsync()).Where(path => !path.EndsWith(".svg", StringComparison.Ordinal)))
        {
            var reply = await service.GetAsync(path);
            Assert.Equal("public, max-age=31536000, immutable", reply.Headers["Cache-Control"]);
            Assert.StartsWith("default-src 'self';", reply.Headers["Content-Security-Policy"], StringComparison.Ordinal);
            Assert.Contains(Convert.ToHexStringLower(SHA256.HashData(reply.Body))[..16], path, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("/", "text/html")]
    [InlineData("/console/icon.svg", "image/svg+xml")]
    public async Task FileThatTheBrowserHasIsNotSentAgain(string path, string type)
    {
        var first = await service.GetAsync(path);
        Assert.Equal(type, first.ContentType);
        Assert.Equal("no-cache", first.Headers["Cache-Control"]);
        Assert.Equal(304, (await service.GetAsync(path, ("If-None-Match", first.Headers["ETag"]))).Status);
        Assert.Equal(200, (await service.GetAsync(path, ("If-None-Match", "\"another\""))).Status);
    }

    [Theory]
    [InlineData("/console/nothing.js")]
    [InlineData("/console/main.js")]
    [InlineData("/console/")]
    [InlineData("/console/..%2findex.html")]
    public async Task UnknownFileIsAProblem(string path) => (await service.GetAsync(path)).Problem(404);

    [Fact]
    public async Task ProcessThatOnlyRefreshesHasNoConsole()
    {
        var redis = await servers.RedisAsync();
        using var refresh = new TestService(
            ("ConnectionStrings:Redis", redis.ConnectionString(redis.TakeDatabase())),
            ("ConnectionStrings:Postgres", await (await servers.PostgresAsync()).CreateDatabaseAsync()),
            ("Hosting:Role", "refresh"));
        (await refresh.GetAsync("/")).Problem(404);
    }

    private async Task<IReadOnlyList<string>> FilesAsync() =>
        [.. Reference().Matches(System.Text.Encoding.UTF8.GetString((await service.GetAsync("/")).Body))
            .Select(match => $"/{match.Groups[1].Value}").Distinct()];

    [GeneratedRegex("""(?:href|src)="([\w./-]+\.(?:js|css|svg))""")]
    private static partial Regex Reference();
}
