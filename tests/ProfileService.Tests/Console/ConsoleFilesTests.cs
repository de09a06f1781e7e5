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
    public async Task EveryFileThatAFileNamesIsThere()
    {
        var (seen, unread) = (new HashSet<string>(), new Queue<string>(["/"]));
        while (unread.TryDequeue(out var path))
        {
            var reply = await service.GetAsync(path);
            Assert.True(reply.Status == 200, $"{path}: {reply.Status}");
            foreach (Match name in Reference().Matches(System.Text.Encoding.UTF8.GetString(reply.Body)))
            {
                var next = new Uri(new Uri(service.Client.BaseAddress!, path), name.Groups[1].Value).AbsolutePath;
                if (seen.Add(next))
                    unread.Enqueue(next);
            }
        }

        Assert.True(seen.Count > 40, $"only {seen.Count} files");
    }

    [Fact]
    public async Task FileThatTheBrowserHasIsNotSentAgain()
    {
        var first = await service.GetAsync("/console/main.js");
        Assert.Equal("text/javascript", first.ContentType);
        Assert.Equal("no-cache", first.Headers["Cache-Control"]);
        Assert.Equal(304, (await service.GetAsync("/console/main.js", ("If-None-Match", first.Headers["ETag"]))).Status);
        Assert.Equal(200, (await service.GetAsync("/console/main.js", ("If-None-Match", "\"another\""))).Status);
    }

    [Theory]
    [InlineData("/console/nothing.js")]
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

    [GeneratedRegex("""(?:from |(?:href|src)=)["']([\w./-]+\.(?:js|css|svg))["']""")]
    private static partial Regex Reference();
}
