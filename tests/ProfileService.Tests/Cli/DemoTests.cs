using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Cli;

[Needs(Need.Process)]
public sealed class DemoTests : IDisposable
{
    private const string Status = """{"empty":true,"due":0,"model":"demo/3","provider":"Cpu"}""";
    private const string Profile = """
        {"userId":"demo-user","vector":[0.6,-0.8],"dimension":2,"model":"demo/3","revision":7,"eventCount":20,"evidence":0.83,
         "freshness":{"computedAt":"2026-11-22T10:00:00Z","eventsThrough":"2026-11-22T09:00:00Z","ageSeconds":0.4,"pendingEvents":0,"stale":false},
         "dimensions":{"interests":[{"category":"yoga","share":0.52,"trend":0.1},{"category":"baking","share":0.48}],"attributes":{"age":34,"gender":"female"}}}
        """;

    private readonly TempDirectory _files = new();

    [Fact]
    public async Task EmptyServiceIsFilledOnceAndAProfileIsShownForPeople()
    {
        using var service = new TestService();
        var (file, url) = (WriteEvents(), service.Client.BaseAddress!.ToString());
        var (exitCode, output) = await CliProcess.RunAsync("demo", file, "--url", url);
        Assert.Equal(0, exitCode);
        Assert.Matches(@"accepted\s+20\s", output);
        Assert.Contains("demo-user, 20 events", output, StringComparison.Ordinal);
        Assert.Matches(@"vector +-?0\.\d{3}  -?0\.\d{3}  .*… \d+ numbers", output);
        Assert.Contains($"Console {url}\n", output, StringComparison.Ordinal);
        Assert.Contains($"Swagger {url}swagger\n", output, StringComparison.Ordinal);

        var again = await CliProcess.RunAsync("demo", file, "--url", url);
        Assert.Equal(0, again.ExitCode);
        Assert.DoesNotContain("accepted", again.Output, StringComparison.Ordinal);
        Assert.Contains("The store is not empty: nothing is sent.", again.Output, StringComparison.Ordinal);
        var moved = await CliProcess.RunAsync("demo", file, "--now", "--url", url);
        Assert.Equal(0, moved.ExitCode);
        Assert.Contains("The store is not empty: nothing is sent, and --now moves nothing that is in it.", moved.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ItemsAndAttributesBesideTheEventsGoFirst()
    {
        var file = WriteEvents();
        File.WriteAllLines(_files.File("items.ndjson"), Enumerable.Range(0, 1_001).Select(i => $$"""{"itemId":"i{{i}}"}"""));
        File.WriteAllText(_files.File("users.ndjson"), """{"userId":"demo-user","attributes":{"age":34,"gender":"female"},"interests":["hidden"]}""");
        var asked = new List<(string Asked, string Body)>();
        await using var service = await StartAsync(asked, body => $$"""{"accepted":{{body.Split("itemId").Length}},"rejected":0,"problems":[]}""");
        var (exitCode, output) = await CliProcess.RunAsync("demo", file, "--url", service.Urls.Single());
        Assert.Equal(0, exitCode);
        Assert.Equal(["POST /v1/items", "POST /v1/items", "POST /v1/attributes", "POST /v1/events"], asked.Select(a => a.Asked).Where(a => a.StartsWith("POST", StringComparison.Ordinal)));
        Assert.Equal("""[{"userId":"demo-user","attributes":{"age":34,"gender":"female"}}]""", asked.Single(a => a.Asked == "POST /v1/attributes").Body);
        Assert.Contains("interests   yoga 52 %, baking 48 %", output, StringComparison.Ordinal);
        Assert.Contains("attributes  age 34, gender female", output, StringComparison.Ordinal);
        Assert.Contains("evidence    0.83", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ServiceWithoutTheApiIsNamedAsTheReason()
    {
        var file = WriteEvents();
        File.WriteAllText(_files.File("items.ndjson"), """{"itemId":"i1"}""");
        await using var service = await StartAsync([], _ => null);
        var (exitCode, output) = await CliProcess.RunAsync("demo", file, "--url", service.Urls.Single());
        Assert.Equal(1, exitCode);
        Assert.Contains("The demo stopped: The service does not support items (status 404)", output, StringComparison.Ordinal);
        Assert.Contains("items.ndjson", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("users.ndjson", "{broken", "users.ndjson line 1")]
    [InlineData("items.ndjson", """{"itemId":"i1","price":"dear"}""", "a price is a number")]
    public async Task WhatCannotBeTakenIsNamed(string name, string line, string reason)
    {
        var file = WriteEvents();
        File.WriteAllText(_files.File(name), line);
        await using var service = await StartAsync([], _ => """{"accepted":0,"rejected":1,"problems":[{"index":0,"code":"wrong_type","field":"price","detail":"a price is a number"}]}""");
        var (exitCode, output) = await CliProcess.RunAsync("demo", file, "--url", service.Urls.Single());
        Assert.Equal(1, exitCode);
        Assert.Contains(reason, output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    public void Dispose() => _files.Dispose();

    private string WriteEvents()
    {
        File.WriteAllLines(_files.File("demo.ndjson"), Enumerable.Range(0, 20).Select(i => Event(i, "demo-user").Json()));
        return _files.File("demo.ndjson");
    }

    /// <summary>A server that answers like an empty service, and keeps what it is asked.</summary>
    /// <param name="batch">The answer to items and attributes; null for 404.</param>
    private static async Task<WebApplication> StartAsync(List<(string, string)> asked, Func<string, string?> batch)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = builder.Build();
        server.Run(async context =>
        {
            var body = await new StreamReader(context.Request.Body).ReadToEndAsync(context.RequestAborted);
            asked.Add(($"{context.Request.Method} {context.Request.Path}", body));
            var answer = context.Request.Path.Value switch
            {
                "/v1/status" => Status,
                "/v1/events" => """{"accepted":20,"duplicates":0,"late":0,"rejected":0,"problems":[]}""",
                "/v1/items" or "/v1/attributes" => batch(body),
                _ => Profile,
            };
            context.Response.StatusCode = answer is null ? 404 : 200;
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(answer ?? "", context.RequestAborted);
        });
        await server.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }
}
