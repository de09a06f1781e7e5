using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ProfileService.Lookup;
using ProfileService.Platform;
using ProfileService.Profiles;
using ProfileService.Refresh;
using ProfileService.Storage;
using ProfileService.Tests.Events;
using ProfileService.Tests.Model;
using ProfileService.Windows;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Lookup;

public sealed class LookupApiTests(TestService service) : IClassFixture<TestService>
{
    private const string Binary = "application/octet-stream";
    private const int Dimension = 16;

    private static string NewUser => $"user-{Guid.NewGuid():N}";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ProfileHasVectorRevisionAndFreshness()
    {
        var user = NewUser;
        await service.AcceptAsync(Event(1, user), Event(2, user));
        var profile = (await service.FreshAsync(user)).Json;

        Assert.Equal(user, profile.GetProperty("userId").GetString());
        Assert.Equal("tiny/1", profile.GetProperty("model").GetString());
        Assert.Equal(Dimension, profile.GetProperty("dimension").GetInt32());
        Assert.Equal(Dimension, profile.GetProperty("vector").GetArrayLength());
        Assert.Equal(1.0, EventsApiTests.Length(profile.GetProperty("vector")), 1e-5);
        Assert.Equal(2, profile.GetProperty("eventCount").GetInt32());
        Assert.Equal((await WindowAsync(user)).GetProperty("revision").GetInt64(), profile.GetProperty("revision").GetInt64());
        var freshness = profile.GetProperty("freshness");
        Assert.Equal(Start.AddSeconds(2), freshness.GetProperty("eventsThrough").GetDateTimeOffset());
        Assert.Equal(0, freshness.GetProperty("pendingEvents").GetInt32());
        Assert.False(freshness.GetProperty("stale").GetBoolean());
        Assert.True(freshness.GetProperty("ageSeconds").GetDouble() >= 0);
    }

    [Fact]
    public async Task EventChangesTheVector()
    {
        var user = NewUser;
        await service.AcceptAsync(Event(1, user, "i1"));
        var before = (await service.FreshAsync(user)).Json;
        await service.AcceptAsync(Event(2, user, "i2", kind: "purchase"));
        var after = (await service.FreshAsync(user)).Json;
        Assert.Equal(before.GetProperty("revision").GetInt64() + 1, after.GetProperty("revision").GetInt64());
        Assert.NotEqual(before.GetProperty("vector").GetRawText(), after.GetProperty("vector").GetRawText());
    }

    [Fact]
    public async Task FirstProfileIsWaitedFor()
    {
        var user = NewUser;
        await service.AcceptAsync(Event(1, user));
        Assert.Equal(200, (await service.GetAsync($"/v1/users/{user}/profile")).Status);
    }

    [Fact]
    public async Task UserOfWhomNothingIsKnownIs404()
    {
        (await service.GetAsync("/v1/users/nobody/profile")).Problem(404);
        (await service.GetAsync("/v1/users/nobody/profile?fresh=true")).Problem(404);
        (await service.GetAsync("/v1/users/nobody/window")).Problem(404);
    }

    [Theory]
    [InlineData("profile")]
    [InlineData("explanation")]
    [InlineData("recommendations")]
    public async Task IdThatNobodyCanHaveIsNotToBePosted(string path)
    {
        var reply = (await service.GetAsync($"/v1/users/{new string('x', 129)}/{path}")).Problem(404);
        Assert.Equal("No user can have this id: userId must have 1 to 128 characters.", reply.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task ExplanationIsOfNowSoThatNoTagHoldsForIt()
    {
        var user = NewUser;
        await service.AcceptAsync(Event(1, user));
        var tag = (await service.FreshAsync(user)).Headers["ETag"];
        var explained = await service.GetAsync($"/v1/users/{user}/profile?include=explanation,vector", ("If-None-Match", tag));
        Assert.Equal(200, explained.Status);
        Assert.True(explained.Json.TryGetProperty("explanation", out _));
        Assert.False(explained.Headers.ContainsKey("ETag"));
        Assert.Equal(304, (await service.GetAsync($"/v1/users/{user}/profile?include=vector", ("If-None-Match", tag))).Status);
    }

    [Fact]
    public async Task KnownTagAnswers304UntilTheProfileChanges()
    {
        var user = NewUser;
        await service.AcceptAsync(Event(1, user));
        var tag = (await service.FreshAsync(user)).Headers["ETag"];

        var same = await service.GetAsync($"/v1/users/{user}/profile", ("If-None-Match", tag));
        Assert.Equal(304, same.Status);
        Assert.Empty(same.Body);
        Assert.Equal(tag, same.Headers["ETag"]);
        Assert.Equal(304, (await service.GetAsync($"/v1/users/{user}/profile", ("If-None-Match", tag[2..]))).Status); // without W/
        Assert.Equal(200, (await service.GetAsync($"/v1/users/{user}/profile", ("If-None-Match", "\"other\""))).Status);

        await service.AcceptAsync(Event(2, user));
        await service.FreshAsync(user);
        Assert.Equal(200, (await service.GetAsync($"/v1/users/{user}/profile", ("If-None-Match", tag))).Status);
    }

    [Fact]
    public async Task ProfileThatIsComputedAgainAtItsRevisionHasAnotherTagWhereItDiffers()
    {
        var user = NewUser;
        await service.AcceptAsync(Event(1, user));
        var tag = (await service.FreshAsync(user)).Headers["ETag"];
        var store = service.Services.GetRequiredService<ProfileStore>();
        var stored = (await store.FindAsync(user, TestModels.Tiny, Token))!;
        var path = $"/v1/users/{user}/profile";

        foreach (var other in (Profile[])[With(stored, [.. stored.Vector.Reverse()], stored.Dimensions), With(stored, stored.Vector, null)])
        {
            await store.StoreAsync([other], Token); // as after a rollback, or of an item whose categories have changed
            var reply = await service.GetAsync(path, ("If-None-Match", tag));
            Assert.Equal((200, stored.Revision), (reply.Status, reply.Json.GetProperty("revision").GetInt64()));
            Assert.NotEqual(tag, reply.Headers["ETag"]);
        }

        await store.StoreAsync([With(stored, stored.Vector, stored.Dimensions)], Token);
        Assert.Equal(304, (await service.GetAsync(path, ("If-None-Match", tag))).Status);

        static Profile With(Profile profile, byte[] vector, string? dimensions) => new()
        {
            UserId = profile.UserId,
            Model = profile.Model,
            Digest = profile.Digest,
            Revision = profile.Revision,
            EventCount = profile.EventCount,
            EventsThrough = profile.EventsThrough,
            ComputedAt = profile.ComputedAt,
            Vector = vector,
            Evidence = profile.Evidence,
            Dimensions = dimensions,
        };
    }

    [Theory]
    [InlineData("*", true)]
    [InlineData("\"other\", TAG", true)]
    [InlineData("\"other\",W/\"another\" , TAG", true)]
    [InlineData("\"other\", W/\"another\"", false)]
    [InlineData("TAGS", false)]
    [InlineData("nonsense", false)]
    public async Task IfNoneMatchMayNameMany(string header, bool isKnown)
    {
        var user = NewUser;
        await service.AcceptAsync(Event(1, user));
        var tag = (await service.FreshAsync(user)).Headers["ETag"];
        var reply = await service.GetAsync($"/v1/users/{user}/profile", ("If-None-Match", header.Replace("TAG", tag, StringComparison.Ordinal)));
        Assert.Equal(isKnown ? 304 : 200, reply.Status);
        Assert.Equal("Accept", reply.Headers["Vary"]);
    }

    [Fact]
    public async Task JsonIsWhatTheSerializerMakesOfTheResponse()
    {
        var user = $"\"ü日\\ {Guid.NewGuid():N}";
        await service.AcceptAsync(Event(1, user));
        await service.FreshAsync(user);
        var reply = await service.GetAsync($"/v1/users/{Uri.EscapeDataString(user)}/profile");
        var options = service.Services.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        var response = JsonSerializer.Deserialize<UserProfile>(reply.Body, options)!;
        Assert.Equal(user, response.UserId);
        Assert.Equal(JsonSerializer.Serialize(response, options), Encoding.UTF8.GetString(reply.Body));

        foreach (var parts in (string[])["vector", "dimensions", "dimensions,explanation"])
        {
            var some = await service.GetAsync($"/v1/users/{Uri.EscapeDataString(user)}/profile?include={parts}");
            var read = JsonSerializer.Deserialize<UserProfile>(some.Body, options)!;
            Assert.Equal(parts, string.Join(',', Names(read)));
            Assert.Equal(JsonSerializer.Serialize(read, options), Encoding.UTF8.GetString(some.Body));
        }

        var batch = await service.PostAsync("/v1/profiles/lookup", JsonSerializer.Serialize(new { userIds = new[] { user, "ü", user } }));
        var responses = JsonSerializer.Deserialize<ProfileLookup>(batch.Body, options)!;
        Assert.Equal(response.Vector, responses.Profiles[1].Vector);
        Assert.Equal(JsonSerializer.Serialize(responses, options), Encoding.UTF8.GetString(batch.Body));

        static IEnumerable<string> Names(UserProfile profile) => new (string Name, object? Part)[]
        {
            ("vector", profile.Vector), ("dimensions", profile.Dimensions), ("explanation", profile.Explanation),
        }.Where(p => p.Part is not null).Select(p => p.Name);
    }

    [Fact]
    public async Task AnswerLongerThanABufferArrivesWhole()
    {
        var user = NewUser;
        await service.AcceptAsync(Event(1, user));
        var vector = (await service.FreshAsync(user)).Floats64("vector");
        var body = JsonSerializer.Serialize(new { userIds = Enumerable.Repeat(user, 1_000).Append("nobody").Skip(1) });
        var json = (await service.PostAsync("/v1/profiles/lookup", body)).Json;
        Assert.Equal(999, json.GetProperty("profiles").EnumerateArray().Count(p => p.GetProperty("vector").EnumerateArray().Select(x => x.GetDouble()).SequenceEqual(vector)));
        var matrix = (await service.PostAsync("/v1/profiles/lookup", body, headers: ("Accept", Binary))).Floats;
        Assert.Equal(1_000 * Dimension, matrix.Length);
        Assert.All(matrix[^Dimension..], x => Assert.True(float.IsNaN(x)));
        Assert.Equal(matrix[..Dimension], matrix[^(2 * Dimension)..^Dimension]);
    }

    [Fact]
    public async Task OwnEventIsSeenAtOnce()
    {
        using var trusting = TestService.WithoutWorker(("Lookup:CacheFor", "00:00:10"));
        await trusting.AcceptAsync(Event(1));
        await trusting.FreshAsync("u1");
        for (var second = 2; second < 12; second++)
        {
            Assert.False(await IsStaleAsync());
            Assert.False(await IsStaleAsync());
            await trusting.AcceptAsync(Event(second));
            Assert.True(await IsStaleAsync());
            Assert.Equal(second, (await trusting.FreshAsync("u1")).Json.GetProperty("eventCount").GetInt32());
        }

        async Task<bool> IsStaleAsync() => (await trusting.GetAsync("/v1/users/u1/profile")).Json.GetProperty("freshness").GetProperty("stale").GetBoolean();
    }

    [Fact]
    public async Task BinaryVectorEqualsTheOneInJson()
    {
        var user = NewUser;
        await service.AcceptAsync(Event(1, user));
        var json = (await service.FreshAsync(user)).Json;
        var binary = await service.GetAsync($"/v1/users/{user}/profile", ("Accept", Binary));
        Assert.Equal(Binary, binary.ContentType);
        Assert.Equal(json.GetProperty("vector").EnumerateArray().Select(x => x.GetSingle()), binary.Floats);
        Assert.Equal("tiny/1", binary.Headers["X-Profile-Model"]);
        Assert.Equal(json.GetProperty("revision").GetRawText(), binary.Headers["X-Profile-Revision"]);
        Assert.Equal("16", binary.Headers["X-Profile-Dimension"]);
        Assert.Equal("false", binary.Headers["X-Profile-Stale"]);
    }

    [Theory]
    [InlineData("*/*", "application/json")]
    [InlineData("text/html", "application/json")]
    [InlineData("application/json, application/octet-stream;q=0.5", "application/json")]
    [InlineData("application/json;q=0.5, application/octet-stream", Binary)]
    [InlineData("application/octet-stream;q=0", "application/json")]
    [InlineData("application/octet-stream;q=0.1, */*", "application/json")]
    [InlineData("application/octet-stream, */*;q=0.1", Binary)]
    [InlineData("application/json, application/octet-stream", "application/json")]
    [InlineData("application/octet-stream, application/json", Binary)]
    public async Task AcceptChoosesTheForm(string accept, string contentType)
    {
        await service.PostAsync("/v1/events", Event(1, "accept").Json());
        Assert.Equal(contentType, (await service.GetAsync("/v1/users/accept/profile", ("Accept", accept))).ContentType);
    }

    [Theory]
    [InlineData("vector", 200)]
    [InlineData("dimensions", 400)]
    [InlineData("explanation", 400)]
    [InlineData("vector,dimensions", 400)]
    public async Task BytesHaveTheVectorAloneAndWhatElseIsAskedForIsRefused(string include, int status)
    {
        await service.PostAsync("/v1/events", Event(1, "bytes").Json());
        var reply = await service.GetAsync($"/v1/users/bytes/profile?include={include}", ("Accept", Binary));
        Assert.Equal(status, reply.Status);
        if (status == 400)
            Assert.Equal("not_in_bytes", reply.Problem(400).GetProperty("code").GetString());
        Assert.Equal(200, (await service.GetAsync($"/v1/users/bytes/profile?include={include}", ("Accept", $"{Binary};q=0.1, */*"))).Status);
    }

    [Theory]
    [InlineData("*/*")]
    [InlineData("text/html")]
    [InlineData(Binary)]
    public async Task ProblemNamesItsTraceWhateverIsAccepted(string accept)
    {
        foreach (var path in new[] { "/v1/users/nobody-here/profile", "/v1/users/nobody-here/profile?count=1", "/v1/nowhere" })
        {
            var reply = await service.GetAsync(path, ("Accept", accept));
            Assert.NotEmpty(reply.Problem(reply.Status).GetProperty("traceId").GetString()!);
        }
    }

    [Fact]
    public async Task BatchAnswersInTheOrderAskedAndNamesTheMissing()
    {
        var (a, b) = (NewUser, NewUser);
        await service.AcceptAsync(Event(1, a, "i1"), Event(1, b, "i2"));
        var vectors = new[] { a, b }.ToDictionary(u => u, u => service.FreshAsync(u).Result.Json.GetProperty("vector").GetRawText());
        var body = JsonSerializer.Serialize(new { userIds = new[] { b, "nobody", a, b } });

        var reply = (await service.PostAsync("/v1/profiles/lookup", body)).Json;
        Assert.Equal([b, a, b], reply.GetProperty("profiles").EnumerateArray().Select(p => p.GetProperty("userId").GetString()));
        Assert.Equal([vectors[b], vectors[a], vectors[b]], reply.GetProperty("profiles").EnumerateArray().Select(p => p.GetProperty("vector").GetRawText()));
        Assert.Equal(["nobody"], reply.GetProperty("missing").EnumerateArray().Select(m => m.GetString()));

        var rows = (await service.PostAsync("/v1/profiles/lookup", body, headers: ("Accept", Binary))).Floats.Chunk(Dimension).ToArray();
        Assert.Equal(4, rows.Length);
        Assert.Equal(JsonSerializer.Deserialize<float[]>(vectors[b])!, rows[0]);
        Assert.All(rows[1], x => Assert.True(float.IsNaN(x)));
        Assert.Equal(JsonSerializer.Deserialize<float[]>(vectors[a])!, rows[2]);
        Assert.Equal(rows[0], rows[3]);
    }

    [Fact]
    public async Task EmptyBatchIsEmpty()
    {
        var reply = await service.PostAsync("/v1/profiles/lookup", """{"userIds":[]}""");
        Assert.Equal("""{"profiles":[],"missing":[]}""", reply.Json.GetRawText());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"userIds\":[null]}")]
    [InlineData("{\"userIds\":\"u1\"}")]
    [InlineData("{\"userIds\":[1]}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"userIds\":[")]
    [InlineData("")]
    public async Task BadBatchIs400(string body) => (await service.PostAsync("/v1/profiles/lookup", body)).Problem(400);

    [Fact]
    public async Task BatchMayHold1000Users()
    {
        Assert.Equal(200, (await LookUpAsync(1_000)).Status);
        Assert.Contains("userIds", (await LookUpAsync(1_001)).Problem(400).GetProperty("detail").GetString()!, StringComparison.Ordinal);
        Assert.Equal(1_000, (await LookUpAsync(1_000)).Json.GetProperty("missing").GetArrayLength());

        Task<Reply> LookUpAsync(int users) =>
            service.PostAsync("/v1/profiles/lookup", JsonSerializer.Serialize(new { userIds = Enumerable.Range(0, users).Select(i => $"none-{i}") }));
    }

    [Fact]
    public async Task WindowShowsTheEventsAsPostedNewestLast()
    {
        var user = NewUser;
        await service.AcceptAsync(Event(2, user, "late", text: "after"), Event(1, user, "early", id: "e1", category: "shoes", value: 59.9));
        var window = await WindowAsync(user);
        Assert.Equal(64, window.GetProperty("digest").GetString()!.Length);
        var first = window.GetProperty("events")[0];
        Assert.Equal($$"""{"eventId":"e1","userId":"{{user}}","kind":"view","itemId":"early","timestamp":"2026-11-01T10:00:01Z","categories":["shoes"],"value":59.9}""", first.GetRawText());
        Assert.Equal("after", window.GetProperty("events")[1].GetProperty("text").GetString());
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("a%2Fb")]
    [InlineData("ü ?#&+")]
    [InlineData("日本/語")]
    public async Task AnyIdCanBeLookedUp(string user)
    {
        await service.PostAsync("/v1/events", Event(1, user).Json());
        Assert.Equal(user, (await service.FreshAsync(user)).Json.GetProperty("userId").GetString());
        Assert.Equal(user, (await service.GetAsync($"/v1/users/{Uri.EscapeDataString(user)}/profile/?include=vector,dimensions")).Json.GetProperty("userId").GetString());
    }

    [Fact]
    public async Task PackageReplacedByAnotherOfTheSameNameMakesEveryUserDue()
    {
        using var package = new PackageCopy(Repository.StarterPackage);
        package.EditJson("manifest.json", m => m["name"] = "tiny");
        using var before = new TestService();
        await before.AcceptAsync(Event(1));
        Assert.Equal(16, (await before.FreshAsync("u1")).Floats64("vector").Length);

        using var after = before.Restart(("Model:Package", package.Path));
        Assert.Equal(256, (await after.FreshAsync("u1")).Floats64("vector").Length);
        Assert.Equal(256, (await after.PostAsync("/v1/profiles/lookup", """{"userIds":["u1"]}""", headers: ("Accept", Binary))).Floats.Length);
    }

    [Fact]
    public async Task WhatCannotBeRefreshedInTimeIsAnsweredAsItIsAndSaysStale()
    {
        using var slow = TestService.WithoutWorker(("Lookup:FreshTimeout", "00:00:00.050"));
        var token = TestContext.Current.CancellationToken;
        await slow.AcceptAsync(Event(1));
        Assert.Equal(1, await slow.Services.GetRequiredService<ProfileRefresher>().RefreshDueAsync(token));
        var (windows, queue) = (slow.Services.GetRequiredService<IWindowStore>(), slow.Services.GetRequiredService<IDueQueue>());
        await windows.AppendAsync([Event(2), Event(3)], token);
        Assert.NotNull(await queue.ClaimAsync("u1", TimeSpan.FromMinutes(1), token)); // as another replica would, and then dies

        var profile = (await slow.FreshAsync("u1")).Json;
        Assert.Equal(1, profile.GetProperty("eventCount").GetInt32());
        Assert.True(profile.GetProperty("freshness").GetProperty("stale").GetBoolean());
        Assert.Equal(2, profile.GetProperty("freshness").GetProperty("pendingEvents").GetInt32());
    }

    [Fact]
    public async Task UserWhoIsBehindButNotDueIsRefreshedToo()
    {
        using var own = TestService.WithoutWorker();
        await own.AcceptAsync(Event(1));
        Assert.Equal(200, (await own.FreshAsync("u1")).Status);
        await own.AcceptAsync(Event(2));
        var queue = own.Services.GetRequiredService<IDueQueue>();
        var claims = await queue.ClaimDueAsync(1, TimeSpan.FromMinutes(1), Token);
        await queue.SettleAsync(claims, Token); // by a process whose model was active meanwhile, and stored its own profile
        Assert.Equal(0, await queue.CountDueAsync(Token));

        var profile = (await own.FreshAsync("u1")).Json;
        Assert.Equal(2, profile.GetProperty("eventCount").GetInt32());
        Assert.False(profile.GetProperty("freshness").GetProperty("stale").GetBoolean());
        Assert.Equal(0, await queue.CountDueAsync(Token));
    }

    [Fact]
    public async Task FirstProfileThatIsNotReadyInTimeIs503()
    {
        using var slow = TestService.WithoutWorker(("Lookup:FreshTimeout", "00:00:00.050"));
        var (windows, queue) = (slow.Services.GetRequiredService<IWindowStore>(), slow.Services.GetRequiredService<IDueQueue>());
        var token = TestContext.Current.CancellationToken;
        await windows.AppendAsync([Event(1)], token);
        Assert.NotNull(await queue.ClaimAsync("u1", TimeSpan.FromMinutes(1), token));
        var reply = await slow.GetAsync("/v1/users/u1/profile");
        reply.Problem(503);
        Assert.True(reply.Headers.ContainsKey("Retry-After"));
    }

    [Fact]
    public async Task LookupThatTakesLongerThanARequestMayIs503()
    {
        // No setting can say so, for Lookup:FreshTimeout may not exceed Hosting:RequestTimeout.
        using var slow = TestService.WithoutWorker<IPostConfigureOptions<HostingOptions>>(_ =>
            new PostConfigureOptions<HostingOptions>(Options.DefaultName, hosting => hosting.RequestTimeout = TimeSpan.FromSeconds(1)));
        var (windows, queue) = (slow.Services.GetRequiredService<IWindowStore>(), slow.Services.GetRequiredService<IDueQueue>());
        var token = TestContext.Current.CancellationToken;
        await windows.AppendAsync([Event(1)], token);
        var claim = await queue.ClaimAsync("u1", TimeSpan.FromMinutes(1), token);
        var reply = await slow.FreshAsync("u1");
        reply.Problem(503);
        Assert.True(reply.Headers.ContainsKey("Retry-After"));

        // Nothing of it goes on, once what it was just asking a store has ended: it would claim the user within some milliseconds.
        await AskOftenAsync(slow);
        await queue.ReleaseAsync([claim!], TimeSpan.FromMinutes(1), token);
        await AskOftenAsync(slow);
        Assert.NotNull(await queue.ClaimAsync("u1", TimeSpan.FromMinutes(1), token));
    }

    [Fact]
    public async Task SwaggerKnowsWhatALookupTakesAndAnswers()
    {
        var paths = (await service.GetAsync("/swagger/v1/swagger.json")).Json.GetProperty("paths");
        var lookup = paths.GetProperty("/v1/users/{userId}/profile").GetProperty("get");
        Assert.Equal(["userId", "fresh", "include", "If-None-Match"], lookup.GetProperty("parameters").EnumerateArray().Select(p => p.GetProperty("name").GetString()!));
        Assert.Equal(["200", "304", "400", "401", "403", "404", "429", "500", "503"], lookup.GetProperty("responses").EnumerateObject().Select(r => r.Name).Order());
        Assert.Equal(["application/json", Binary], lookup.GetProperty("responses").GetProperty("200").GetProperty("content").EnumerateObject().Select(c => c.Name));
    }

    private static async Task AskOftenAsync(TestService service)
    {
        for (var i = 0; i < 50; i++)
            Assert.Equal(200, (await service.GetAsync("/health/live")).Status);
    }

    private async Task<JsonElement> WindowAsync(string user) => (await service.GetAsync($"/v1/users/{user}/window")).Json;
}
