using System.Diagnostics.Metrics;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using ProfileService.Aggregates;
using ProfileService.Host.OpenApi;
using ProfileService.Platform;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Host;

public sealed class HostingTests(TestService service) : IClassFixture<TestService>
{
    [Fact]
    public async Task HealthIsGreen()
    {
        var live = await service.GetAsync("/health/live");
        Assert.Equal((200, "Healthy"), (live.Status, live.Json.GetProperty("status").GetString()));
        var ready = await service.Client.ReadyAsync(ready => ready.Body.StartsWith("""{"status":"Healthy",""", StringComparison.Ordinal));
        Assert.Equal(200, ready.Status);
    }

    [Fact]
    public async Task ModelsTellWhatReallyRuns()
    {
        var active = (await service.GetAsync("/v1/models")).Json.GetProperty("active");
        Assert.Equal("tiny/1", active.GetProperty("model").GetString());
        Assert.Equal("Cpu", active.GetProperty("provider").GetString());
        Assert.Equal(16, active.GetProperty("dimension").GetInt32());
        Assert.Equal(JsonValueKind.Object, active.GetProperty("metrics").ValueKind);
    }

    [Fact]
    public async Task UnknownAddressAndMethodAreProblems()
    {
        (await service.GetAsync("/v1/nothing")).Problem(404);
        (await service.GetAsync("/v1/events")).Problem(405);
    }

    [Fact]
    public async Task SwaggerPageIsServed() => Assert.Equal(200, (await service.GetAsync("/swagger/index.html")).Status);

    [Fact]
    public async Task SwaggerDocumentIsMadeOnceAndKeptByItsTag()
    {
        var documents = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => service.GetAsync("/swagger/v1/swagger.json")));
        Assert.All(documents, d => Assert.Equal((200, documents[0].Headers["ETag"]), (d.Status, d.Headers["ETag"])));
        Assert.StartsWith("application/json", documents[0].ContentType, StringComparison.Ordinal);
        var again = await service.GetAsync("/swagger/v1/swagger.json", ("If-None-Match", documents[0].Headers["ETag"]));
        Assert.Equal((304, 0), (again.Status, again.Body.Length));
    }

    [Fact]
    public async Task WhoeverAsksWhileAnAnswerIsFoundSharesTheNext()
    {
        var (found, gates) = (0, Enumerable.Range(0, 3).Select(_ => new TaskCompletionSource()).ToArray());
        var shared = new Coalesced<int>(async () =>
        {
            var mine = Interlocked.Increment(ref found);
            await gates[mine - 1].Task;
            return mine;
        });
        var first = shared.FindAsync();
        await Eventually.IsTrueAsync(() => Task.FromResult(Volatile.Read(ref found) == 1));
        var others = Enumerable.Range(0, 10).Select(_ => shared.FindAsync()).ToList();
        gates[0].SetResult();
        gates[1].SetResult();
        Assert.Equal(1, await first);
        Assert.All(await Task.WhenAll(others), answer => Assert.Equal(2, answer));
        gates[2].SetResult();
        Assert.Equal(3, await shared.FindAsync());
    }

    [Fact]
    public async Task NoAnswerIsOlderThanTheQuestionHoweverSoonASearchEnds()
    {
        var found = 0;
        var shared = new Coalesced<int>(() => Task.FromResult(Interlocked.Increment(ref found)));
        await Parallel.ForAsync(0, 100_000, TestContext.Current.CancellationToken, async (_, _) =>
        {
            var before = Volatile.Read(ref found);
            Assert.True(await shared.FindAsync() > before);
        });
    }

    [Fact]
    public async Task EveryExampleCanBeSentAsItStands()
    {
        var document = (await service.GetAsync("/swagger/v1/swagger.json")).Json;
        var sent = 0;
        var operations = from path in document.GetProperty("paths").EnumerateObject()
                         from operation in path.Value.EnumerateObject()
                         let erases = operation.Value.GetProperty("tags")[0].GetString() == "Privacy" || operation.Name == "delete"
                         orderby erases, operation.Name == "get", path.Name // what is read is put before, and erased last
                         select (path.Name, operation.Name, operation.Value);
        foreach (var (path, method, operation) in operations)
        {
            if (method == "get") // lists of items are of a release
                await service.Services.GetRequiredService<ReleaseMaker>().MakeAsync(TestContext.Current.CancellationToken);
            sent += await SendExamplesAsync(method, path, operation);
        }

        Assert.True(sent >= 7, $"only {sent} examples"); // events twice, lookup, profile, window, models, status
    }

    [Fact]
    public async Task EventsAreCountedByVerdict()
    {
        using var events = new MetricCollector<long>(service.Services.GetRequiredService<IMeterFactory>(), ProfileMetrics.Name, "profiles.events");
        await service.PostAsync("/v1/events", $"[{Event(1, "metrics").Json()},{Event(1, "metrics").Json()},{Event(-100 * 86_400, "metrics").Json()},{{}}]");
        var counts = events.GetMeasurementSnapshot().GroupBy(m => m.Tags["verdict"]!).ToDictionary(g => (string)g.Key, g => g.Sum(m => m.Value));
        Assert.Equal(new() { ["accepted"] = 1, ["duplicate"] = 1, ["late"] = 1, ["rejected"] = 1 }, counts);
    }

    [Fact]
    public async Task TooManyPostsAtOnceAreAnswered503()
    {
        using var narrow = new TestService(("Hosting:MaxIngests", "1"), ("Hosting:MaxWaitingIngests", "0"));
        Task<Reply>[] posts;
        using (narrow.LockWindows())
        {
            posts = [narrow.PostAsync("/v1/events", Event(1).Json()), narrow.PostAsync("/v1/events", Event(2).Json())];
            var refused = await await Task.WhenAny(posts);
            refused.Problem(503);
            Assert.True(refused.Headers.ContainsKey("Retry-After"));
        }

        Assert.Equal([202, 503], (await Task.WhenAll(posts)).Select(r => r.Status).Order());
        Assert.Equal(202, (await narrow.PostAsync("/v1/events", Event(3).Json())).Status);
    }

    private async Task<int> SendExamplesAsync(string method, string path, JsonElement operation)
    {
        var parameters = operation.TryGetProperty("parameters", out var declared) ? declared.EnumerateArray() : default;
        foreach (var parameter in parameters.Where(p => p.GetProperty("in").GetString() == "path"))
            path = path.Replace($"{{{parameter.GetProperty("name").GetString()}}}", parameter.GetProperty("example").GetString(), StringComparison.Ordinal);
        if (!operation.TryGetProperty("requestBody", out var body))
        {
            var answer = await service.SendAsync(new HttpMethod(method.ToUpperInvariant()), path, []);
            Assert.InRange(answer.Status, 200, path.EndsWith(ExampleFilter.Receipt, StringComparison.Ordinal) ? 404 : 204); // a receipt is drawn anew for each erasure
            return 1;
        }

        var contents = body.GetProperty("content").EnumerateObject().ToList();
        foreach (var content in contents)
        {
            var example = content.Value.GetProperty("example");
            var text = example.ValueKind == JsonValueKind.String ? example.GetString()! : example.GetRawText();
            var reply = method switch
            {
                "put" => await service.PutAsync(path, text, content.Name),
                "patch" => await service.PatchAsync(path, text, content.Name),
                _ => await service.PostAsync(path, text, content.Name),
            };
            Assert.InRange(reply.Status, 200, path == "/v1/beacon" ? 401 : 202); // no example has a token that is valid
        }

        return contents.Count;
    }
}
