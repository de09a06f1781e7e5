using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ProfileService.Profiles;
using ProfileService.Storage;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Privacy;

/// <summary>What users' purposes do not allow does not happen, whatever the stores are.</summary>
public abstract class PurposesContract : ServiceToEraseFrom
{
    private const string Everything = """{"profile":true,"explain":true,"similar":true,"train":true}""";
    private const string NoProfile = """{"profile":false,"explain":true,"similar":true,"train":true}""";

    private static string NewUser => $"user-{Guid.NewGuid():N}";

    [Fact]
    public async Task UntilSomebodySetsThemTheDefaultHolds()
    {
        var purposes = (await Service.GetAsync($"/v1/users/{NewUser}/purposes")).Json;
        Assert.Equal([true, true, true, true], ValuesOf(purposes));
        Assert.Equal(0, purposes.GetProperty("version").GetInt32());
        Assert.False(purposes.TryGetProperty("setAt", out _));
    }

    [Fact]
    public async Task EachChangeIsAVersionAndRepetitionsAreNot()
    {
        var user = NewUser;
        Assert.Equal(1, await SetAsync(user, NoProfile));
        Assert.Equal(1, await SetAsync(user, NoProfile));
        Assert.Equal(2, await SetAsync(user, Everything));
        Assert.Equal(3, await SetAsync(user, """{"profile":true,"explain":false,"similar":true,"train":false}"""));
        var purposes = (await Service.GetAsync($"/v1/users/{user}/purposes")).Json;
        Assert.Equal([true, false, true, false], ValuesOf(purposes));
        Assert.Equal(3, purposes.GetProperty("version").GetInt32());
    }

    [Fact]
    public async Task WithoutProfileNothingOfTheUserIsTakenComputedOrAnswered()
    {
        var user = NewUser;
        await FillAsync(user);
        await SetAsync(user, NoProfile);

        foreach (var path in (string[])["profile", "profile?fresh=true", "recommendations", "predictions", "similar", "explanation"])
            await AssertRefusedAsync($"/v1/users/{user}/{path}", "profile");
        AssertRefused(await Service.PostAsync($"/v1/users/{user}/recommendations", """{"fallback":"popular"}"""), "profile");
        AssertRefused(await Service.PostAsync($"/v1/users/{user}/rank", """{"itemIds":["i1"]}"""), "profile");
        AssertRefused(await Service.PostAsync("/v1/profiles/compute", $$"""{"events":[{{EventAt(1, user).Json()}}]}"""), "profile");
        var lookup = (await Service.PostAsync("/v1/profiles/lookup", $$"""{"userIds":["{{user}}"]}""")).Json;
        Assert.Equal(user, Assert.Single(lookup.GetProperty("missing").EnumerateArray()).GetString());
        Assert.Equal(0, await CountProfilesAsync(user));

        AssertRejected(await Service.PostAsync("/v1/events", EventAt(1, user).Json()));
        Assert.Equal(409, (await Service.PutAsync($"/v1/users/{user}/attributes", """{"age":35}""")).Status);
    }

    [Fact]
    public async Task OfABatchOnlyTheUserIsRejected()
    {
        var (without, with) = (NewUser, NewUser);
        await SetAsync(without, NoProfile);
        var reply = await Service.PostAsync("/v1/events", $"[{EventAt(1, without).Json()},{EventAt(1, with).Json()},{EventAt(2, without).Json()}]");
        Assert.Equal(202, reply.Status);
        Assert.Equal(1, reply.Json.GetProperty("accepted").GetInt32());
        Assert.Equal([0, 2], reply.Json.GetProperty("problems").EnumerateArray().Select(p => p.GetProperty("index").GetInt32()));
        var all = (await Service.PostAsync("/v1/events", $"[{EventAt(1, without).Json()},7]")).Problem(400); // the second is told first
        Assert.Equal("purpose_not_allowed", all.GetProperty("code").GetString());
        Assert.Equal([0, 1], all.GetProperty("problems").EnumerateArray().Select(p => p.GetProperty("index").GetInt32()));
        var attributes = await Service.PostAsync(
            "/v1/attributes", $$"""[{ "userId": "{{without}}", "attributes": { "age": 1 } }, { "userId": "{{with}}", "attributes": { "age": 1 } }]""");
        Assert.Equal(1, attributes.Json.GetProperty("accepted").GetInt32());
        Assert.Equal(404, (await Service.GetAsync($"/v1/users/{without}/window")).Status);
    }

    [Fact]
    public async Task ARefreshThatWasUnderWayStoresNothing()
    {
        var user = NewUser;
        await FillAsync(user);
        var profile = await FindProfileAsync(user);
        await SetAsync(user, NoProfile);
        var newer = Newer(profile!);
        await Service.Services.GetRequiredService<ProfileStore>().StoreAsync([newer], Token);
        Assert.Equal(0, await CountProfilesAsync(user));
        await AssertRefusedAsync($"/v1/users/{user}/profile", "profile");
    }

    [Fact]
    public async Task WhoAllowsAProfileAgainHasOne()
    {
        var user = NewUser;
        await FillAsync(user);
        await SetAsync(user, NoProfile);
        await SetAsync(user, Everything);
        await Eventually.IsTrueAsync(async () => (await Service.GetAsync($"/v1/users/{user}/profile")).Status == 200);
        Assert.Equal(3, (await Service.FreshAsync(user)).Json.GetProperty("eventCount").GetInt32());
        await Service.AcceptAsync(EventAt(1, user));
        Assert.Equal(4, (await Service.FreshAsync(user)).Json.GetProperty("eventCount").GetInt32());
    }

    [Fact]
    public async Task WithoutExplainThereIsAProfileButNoExplanation()
    {
        var user = NewUser;
        await FillAsync(user);
        await SetAsync(user, """{"profile":true,"explain":false,"similar":true,"train":true}""");
        Assert.Equal(200, (await Service.GetAsync($"/v1/users/{user}/profile")).Status);
        await AssertRefusedAsync($"/v1/users/{user}/explanation", "explain");
        await AssertRefusedAsync($"/v1/users/{user}/profile?include=explanation", "explain");
    }

    [Fact]
    public async Task WithoutSimilarTheUserIsInNobodysList()
    {
        var users = Enumerable.Range(0, 6).Select(_ => NewUser).ToList();
        foreach (var user in users)
            await FillAsync(user);
        await Eventually.IsTrueAsync(async () => (await SimilarToAsync(users[0], 5)).Count == 5);

        await SetAsync(users[1], """{"profile":true,"explain":true,"similar":false,"train":true}""");
        await SetAsync(users[2], NoProfile);
        var found = await SimilarToAsync(users[0], 3);
        Assert.Equal(users[3..].Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal)); // three others fill the answer
        await AssertRefusedAsync($"/v1/users/{users[1]}/similar", "similar");

        await SetAsync(users[1], Everything);
        Assert.Contains(users[1], await SimilarToAsync(users[0], 100));
    }

    [Fact]
    public async Task AnObjectionOutlivesAnErasure()
    {
        var user = NewUser;
        await FillAsync(user);
        await SetAsync(user, NoProfile);
        await EraseAsync(user);
        Assert.Equal(1, (await Service.GetAsync($"/v1/users/{user}/purposes")).Json.GetProperty("version").GetInt32());
        AssertRejected(await Service.PostAsync("/v1/events", EventAt(1, user).Json()));
    }

    [Fact]
    public async Task TheyAreSetForManyUsersOneByOne()
    {
        var (a, b) = (NewUser, "of/the\\world?");
        var body = $$"""
            {"userId":"{{a}}","profile":true,"explain":true,"similar":true,"train":false}
            {"userId":"{{a}}","profile":true,"explain":true}
            {"userId":{{JsonSerializer.Serialize(b)}},"profile":false,"explain":false,"similar":false,"train":false}
            """;
        var reply = await Service.PostAsync("/v1/purposes", body, "application/x-ndjson");
        Assert.Equal(200, reply.Status);
        Assert.Equal(2, reply.Json.GetProperty("accepted").GetInt32());
        Assert.Equal("missing_field", Assert.Single(reply.Json.GetProperty("problems").EnumerateArray()).GetProperty("code").GetString());
        Assert.Equal([true, true, true, false], ValuesOf((await Service.GetAsync($"/v1/users/{a}/purposes")).Json));
        AssertRejected((await Service.PostAsync("/v1/events", EventAt(1, b).Json())));
    }

    [Theory]
    [InlineData("""{"profile":true,"explain":true,"similar":true}""", "missing_field", "train")]
    [InlineData("""{"profile":true,"explain":true,"similar":true,"train":"yes"}""", "wrong_type", "train")]
    [InlineData("""{"profile":true,"explain":true,"similar":true,"train":null}""", "missing_field", "train")]
    [InlineData("""{"profile":true,"explain":true,"similar":true,"train":true,"sell":true}""", "unknown_parameter", "sell")]
    [InlineData("""{"profile":true,"profile":false,"explain":true,"similar":true,"train":true}""", "repeated_field", "profile")]
    public async Task NothingIsAgreedToByABadRequest(string body, string code, string field)
    {
        var user = NewUser;
        var reply = await Service.PutAsync($"/v1/users/{user}/purposes", body);
        Assert.Equal((400, code, field), (reply.Status, reply.Json.GetProperty("code").GetString(), reply.Json.GetProperty("field").GetString()));
        Assert.Equal(0, (await Service.GetAsync($"/v1/users/{user}/purposes")).Json.GetProperty("version").GetInt32());
    }

    [Fact]
    public async Task TheyHoldAfterARestart()
    {
        var user = NewUser;
        await FillAsync(user);
        await SetAsync(user, NoProfile);
        using var again = Service.Restart();
        var reply = await again.GetAsync($"/v1/users/{user}/profile");
        Assert.Equal("purpose_not_allowed", reply.Json.GetProperty("code").GetString());
    }

    internal static void AssertRejected(Reply reply)
    {
        Assert.Equal(400, reply.Status);
        Assert.Contains("purpose_not_allowed", Encoding.UTF8.GetString(reply.Body), StringComparison.Ordinal);
    }

    private async Task<int> SetAsync(string user, string purposes)
    {
        var reply = await Service.PutAsync($"/v1/users/{Uri.EscapeDataString(user)}/purposes", purposes);
        Assert.Equal(200, reply.Status);
        return reply.Json.GetProperty("version").GetInt32();
    }

    private async Task AssertRefusedAsync(string path, string purpose) => AssertRefused(await Service.GetAsync(path), purpose);

    private static void AssertRefused(Reply reply, string purpose)
    {
        Assert.Equal((404, "purpose_not_allowed"), (reply.Status, reply.Json.GetProperty("code").GetString()));
        Assert.Contains($"'{purpose}'", reply.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    private async Task<List<string>> SimilarToAsync(string user, int count)
    {
        var reply = await Service.GetAsync($"/v1/users/{user}/similar?count={count}");
        return [.. reply.Json.GetProperty("users").EnumerateArray().Select(u => u.GetProperty("userId").GetString()!)];
    }

    private async Task<int> CountProfilesAsync(string user)
    {
        await using var db = await Contexts.CreateDbContextAsync(Token);
        return await db.Profiles.CountAsync(p => p.UserId == user, Token);
    }

    private async Task<Profile?> FindProfileAsync(string user)
    {
        await using var db = await Contexts.CreateDbContextAsync(Token);
        return await db.Profiles.AsNoTracking().SingleAsync(p => p.UserId == user, Token);
    }

    private IDbContextFactory<ProfileDbContext> Contexts => Service.Services.GetRequiredService<IDbContextFactory<ProfileDbContext>>();

    private static Profile Newer(Profile profile) => new()
    {
        UserId = profile.UserId,
        Model = profile.Model,
        Digest = profile.Digest,
        Revision = profile.Revision + 1,
        EventCount = profile.EventCount,
        EventsThrough = profile.EventsThrough,
        ComputedAt = profile.ComputedAt,
        Vector = profile.Vector,
    };

    private static IEnumerable<bool> ValuesOf(JsonElement purposes) =>
        ((string[])["profile", "explain", "similar", "train"]).Select(name => purposes.GetProperty(name).GetBoolean());
}
