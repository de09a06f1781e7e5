using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using ProfileService.Beacon;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Beacon;

/// <summary>Events from pages, with a token for one user.</summary>
public sealed class BeaconTests(TestService service) : IClassFixture<TestService>
{
    private const string Text = "text/plain;charset=UTF-8"; // what navigator.sendBeacon says of a string

    [Theory]
    [InlineData(Text)]
    [InlineData("text/plain")]
    [InlineData("application/json")]
    public async Task EventsOfATokenAreTheUsers(string type)
    {
        var user = NewUser();
        var reply = await service.PostAsync("/v1/beacon", Body(await TokenAsync(service, user), Of(1), Of(2)), type);
        Assert.Equal((202, 2), (reply.Status, reply.Json.GetProperty("accepted").GetInt32()));
        Assert.Equal(2, await EventsAsync(service, user));
    }

    [Fact]
    public async Task AnswerIsThatToEventsWithAKey()
    {
        var (user, other) = (NewUser(), NewUser());
        const string Stare = """{"kind":"stare","itemId":"i","timestamp":"2026-11-01","page":3}""";
        string[] events = [Of(1), Of(1), Of(-100 * 86_400), "{}", Stare, "7"];
        var beacon = await service.PostAsync("/v1/beacon", Body(await TokenAsync(service, user), events), Text);
        var posted = await service.PostAsync("/v1/events", $"[{string.Join(',', events.Select(e => WithUser(e, other)))}]");
        Assert.Equal(202, beacon.Status);
        Assert.Equal((posted.Status, posted.Json.GetRawText()), (beacon.Status, beacon.Json.GetRawText()));
        var again = await service.PostAsync("/v1/beacon", Body(await TokenAsync(service, user), Of(1)), Text);
        Assert.Equal((0, 1), (again.Json.GetProperty("accepted").GetInt32(), again.Json.GetProperty("duplicates").GetInt32()));
    }

    [Fact]
    public async Task EventThatNamesAUserIsRejectedWhoeverThatIs()
    {
        var (user, other) = (NewUser(), NewUser());
        var token = await TokenAsync(service, user);
        foreach (var named in (string[])[other, user])
        {
            var problem = (await service.PostAsync("/v1/beacon", Body(token, WithUser(Of(1), named)), Text)).Problem(400);
            Assert.Equal(("user_given", "userId"), (problem.GetProperty("code").GetString(), problem.GetProperty("field").GetString()));
        }

        var mixed = await service.PostAsync("/v1/beacon", Body(token, WithUser(Of(1), other), Of(2)), Text);
        Assert.Equal((202, 1), (mixed.Status, mixed.Json.GetProperty("accepted").GetInt32()));
        Assert.Equal((0, 1), (await EventsAsync(service, other), await EventsAsync(service, user)));
    }

    [Fact]
    public async Task TokenThatIsNotWholeOrNotOfThisDatabaseIsRefused()
    {
        using var elsewhere = new TestService();
        var (user, token) = (NewUser(), await TokenAsync(service, "ada"));
        string[] wrong =
        [
            "", "x", token[..^1], token[1..], token + "A", token.Replace(token[^1], token[^1] == 'A' ? 'B' : 'A'), new string('A', 2_000),
            await TokenAsync(elsewhere, user),
        ];
        foreach (var text in wrong)
        {
            var reply = await service.PostAsync("/v1/beacon", Body(text, Of(1), "7"), Text);
            var problem = reply.Problem(401);
            Assert.Equal(("token_invalid", "token"), (problem.GetProperty("code").GetString(), problem.GetProperty("field").GetString()));
            Assert.Contains("/v1/users/{userId}/tokens", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
            Assert.Equal("PageToken", reply.Headers["WWW-Authenticate"]);
        }

        Assert.Equal((0, 0), (await EventsAsync(service, user), await EventsAsync(service, "ada")));
    }

    [Fact]
    public async Task TokenEndsWhenItSays()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 28, 12, 0, 0, TimeSpan.Zero));
        using var timed = TestService.With(clock, ("Beacon:TokenLifetime", "00:05:00"));
        var (standard, shorter) = (await MakeAsync(timed, "ada"), await MakeAsync(timed, "ada", """{"expiresInSeconds":60}"""));
        Assert.Equal(TimeSpan.FromSeconds(240), EndOf(standard) - EndOf(shorter));
        Assert.Equal((202, 202), await StatusesAsync());
        clock.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal((202, 401), await StatusesAsync());
        clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal((401, 401), await StatusesAsync());
        var ended = await timed.PostAsync("/v1/beacon", Body(TokenOf(standard), Of(1)), Text);
        Assert.Equal("token_expired", ended.Problem(401).GetProperty("code").GetString());

        async Task<(int, int)> StatusesAsync() =>
        (
            (await timed.PostAsync("/v1/beacon", Body(TokenOf(standard), Of(1)), Text)).Status,
            (await timed.PostAsync("/v1/beacon", Body(TokenOf(shorter), Of(1)), Text)).Status);
    }

    [Theory]
    [InlineData("""{"expiresInSeconds":59}""", "out_of_range", "expiresInSeconds")]
    [InlineData("""{"expiresInSeconds":86401}""", "out_of_range", "expiresInSeconds")]
    [InlineData("""{"expiresInSeconds":60.5}""", "wrong_type", "expiresInSeconds")]
    [InlineData("""{"expiresIn":60}""", "unknown_parameter", "expiresIn")]
    public async Task LifetimeOutOfBoundsIsRefused(string body, string code, string field)
    {
        var problem = (await service.PostAsync("/v1/users/ada/tokens", body)).Problem(400);
        Assert.Equal((code, field), (problem.GetProperty("code").GetString(), problem.GetProperty("field").GetString()));
    }

    [Theory]
    [InlineData("""{"events":[]}""", 400, "missing_field", "token")]
    [InlineData("""{"token":"x"}""", 400, "missing_field", "events")]
    [InlineData("""{"token":7,"events":[]}""", 400, "wrong_type", "token")]
    [InlineData("""{"token":"x","events":{}}""", 400, "wrong_type", "events")]
    [InlineData("""{"token":"x","events":[],"userId":"ada"}""", 400, "unknown_parameter", "userId")]
    [InlineData("{", 400, "malformed_json", null)]
    [InlineData("", 400, "empty_body", null)]
    public async Task BodyThatBreaksARuleIsRefusedWithItsField(string body, int status, string code, string? field)
    {
        var problem = (await service.PostAsync("/v1/beacon", body, Text)).Problem(status);
        var at = problem.TryGetProperty("field", out var given) ? given.GetString() : null;
        Assert.Equal((code, field), (problem.GetProperty("code").GetString(), at));
    }

    [Fact]
    public async Task BodyIsBoundedInBytesAndEvents()
    {
        var (user, token) = (NewUser(), await TokenAsync(service, "ada"));
        var many = (await service.PostAsync("/v1/beacon", Body(token, Many(101)), Text)).Problem(400);
        Assert.Equal(("too_many_events", "events"), (many.GetProperty("code").GetString(), many.GetProperty("field").GetString()));
        var large = (await service.PostAsync("/v1/beacon", $"{Body(token, Of(1))}{new string(' ', 1 << 16)}", Text)).Problem(413);
        Assert.Contains("65,536 bytes", large.GetProperty("detail").GetString(), StringComparison.Ordinal);
        var most = Body(await TokenAsync(service, user), Many(100));
        Assert.Equal(202, (await service.PostAsync("/v1/beacon", most.PadRight(1 << 16), Text)).Status);
        Assert.Equal(100, await EventsAsync(service, user));
    }

    [Fact]
    public async Task EventMayBeAsDeepAsWithAKeyAndADeeperOneIsRejectedAlone()
    {
        var (user, other) = (NewUser(), NewUser());
        string[] events = [Deep(64), Deep(65), Of(2)];
        var named = events.Select(e => $$"""{"userId":"{{other}}",{{e[1..]}}""");
        var beacon = await service.PostAsync("/v1/beacon", Body(await TokenAsync(service, user), events), Text);
        var posted = await service.PostAsync("/v1/events", $"[{string.Join(',', named)}]");
        Assert.Equal((202, posted.Json.GetRawText()), (beacon.Status, beacon.Json.GetRawText()));
        Assert.Equal("too_deep", Assert.Single(beacon.Json.GetProperty("problems").EnumerateArray()).GetProperty("code").GetString());
        Assert.Equal(2, await EventsAsync(service, user));

        var bottomless = (await service.PostAsync("/v1/beacon", Body(await TokenAsync(service, user), Deep(300)), Text)).Problem(400);
        Assert.Contains("256 deep", bottomless.GetProperty("detail").GetString(), StringComparison.Ordinal);

        static string Deep(int depth) => $$"""{"deep":{{new string('[', depth)}}{{new string(']', depth)}},{{Of(1)[1..]}}""";
    }

    [Fact]
    public async Task PurposesOfTheUserHold()
    {
        var user = NewUser();
        var token = await TokenAsync(service, user);
        await service.PutAsync($"/v1/users/{user}/purposes", """{"profile":false,"explain":false,"similar":false,"train":false}""");
        var refused = (await service.PostAsync("/v1/beacon", Body(token, Of(1)), Text)).Problem(400);
        var same = (await service.PostAsync("/v1/events", Event(1, user).Json())).Problem(400);
        Assert.Equal(same.GetProperty("code").GetString(), refused.GetProperty("code").GetString());
        Assert.False(refused.TryGetProperty("field", out _)); // an event of a page has no userId
        Assert.Equal(0, await EventsAsync(service, user));
    }

    [Fact]
    public async Task UserBeyondTheLimitIsRefusedAndOthersAreNot()
    {
        using var limited = new TestService(("Beacon:RequestsPerSecond", "1"));
        var (fast, slow) = (await TokenAsync(limited, "fast"), await TokenAsync(limited, "slow"));
        await limited.PostAsync("/v1/beacon", Body(fast[..^1], Of(1)), Text); // a stranger's, which counts for nobody
        var (refused, _) = await RateFlood.UntilRefusedAsync(() => limited.PostAsync("/v1/beacon", Body(fast, Of(1)), Text));
        Assert.Equal("rate_limited", refused.Problem(429).GetProperty("code").GetString());
        Assert.Equal("1", refused.Headers["Retry-After"]);
        Assert.Equal(202, (await limited.PostAsync("/v1/beacon", Body(slow, Of(1)), Text)).Status);
    }

    [Fact]
    public async Task WithoutOriginsTheAddressIsShutAndNoTokenIsMade()
    {
        using var shut = TestService.With(_ => new PageOrigins(Options.Create(new PageOptions())));
        foreach (var headers in ((string, string)[][])[[], [("Sec-Fetch-Site", "same-origin")]])
        {
            var problem = (await shut.PostAsync("/v1/beacon", Body("x", Of(1)), Text, headers)).Problem(404);
            Assert.Equal("beacon_off", problem.GetProperty("code").GetString());
        }

        var made = (await shut.PostAsync("/v1/users/ada/tokens", "{}")).Problem(409);
        Assert.Contains("Cors:Origins", made.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    internal static string NewUser() => $"user-{Guid.NewGuid():N}";

    internal static string Of(double second) => WithUser(Event(second).Json(), null);

    internal static string Body(string token, params string[] events) =>
        $$"""{"token":{{JsonSerializer.Serialize(token)}},"events":[{{string.Join(',', events)}}]}""";

    internal static async Task<string> TokenAsync(TestService of, string user, params (string, string)[] headers) =>
        TokenOf(await MakeAsync(of, user, "{}", headers));

    internal static async Task<int> EventsAsync(TestService of, string user, params (string, string)[] headers) =>
        await of.GetAsync($"/v1/users/{user}/window", headers) is { Status: 200 } reply
            ? reply.Json.GetProperty("events").GetArrayLength()
            : 0;

    private static async Task<JsonElement> MakeAsync(TestService of, string user, string body = "", params (string, string)[] headers)
    {
        var reply = await of.PostAsync($"/v1/users/{user}/tokens", body, "application/json", headers);
        Assert.Equal(200, reply.Status);
        return reply.Json;
    }

    private static string TokenOf(JsonElement made) => made.GetProperty("token").GetString()!;

    private static string[] Many(int count) => [.. Enumerable.Range(0, count).Select(i => Of(i))];

    private static DateTime EndOf(JsonElement made) => made.GetProperty("expiresAt").GetDateTime();

    private static string WithUser(string e, string? user)
    {
        if (JsonNode.Parse(e) is not JsonObject fields)
            return e;
        fields.Remove("userId");
        if (user is not null)
            fields["userId"] = user;
        return fields.ToJsonString();
    }
}
