using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ProfileService.Privacy;
using ProfileService.Storage;

namespace ProfileService.Tests.Privacy;

/// <summary>What an erasure must do on every store, seen from outside.</summary>
public abstract class ErasureContract : ServiceToEraseFrom
{
    private const int Schedules = 200; // on each store; more by ERASURE_SCHEDULES

    [Fact]
    public async Task UserIsGoneFromEveryPlaceAndTheReceiptSaysSo()
    {
        await FillAsync(Canary);
        await FillAsync("somebody-else");
        var receipt = await EraseAsync(Canary);
        Assert.Equal(1, receipt.GetProperty("users").GetInt32());
        var removed = receipt.GetProperty("removed");
        Assert.Equal(1, removed.GetProperty("windows").GetInt32());
        Assert.Equal(3, removed.GetProperty("events").GetInt32());
        Assert.Equal(1, removed.GetProperty("profiles").GetInt32());
        Assert.Equal(1, removed.GetProperty("attributes").GetInt32());
        Assert.True(removed.GetProperty("processes").GetInt32() >= 1);

        foreach (var path in (string[])["profile", "profile?fresh=true", "window", "attributes", "recommendations", "similar"])
            Assert.Equal(404, (await Service.GetAsync($"/v1/users/{Canary}/{path}")).Status);
        foreach (var (path, body) in new[] { ("recommendations", "{}"), ("rank", """{"itemIds":["i1"]}""") })
            Assert.Equal(404, (await Service.PostAsync($"/v1/users/{Canary}/{path}", body)).Status);
        Assert.DoesNotContain(Canary, await TextAsync("/v1/users"), StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, await TextAsync("/v1/users/somebody-else/similar"), StringComparison.Ordinal);
        Assert.Equal(200, (await Service.GetAsync("/v1/users/somebody-else/profile")).Status);
    }

    [Fact]
    public async Task EventsOfBeforeAreAnsweredErasedAndALaterOneBeginsAnew()
    {
        await FillAsync(Canary);
        var before = (await Service.FreshAsync(Canary)).Json.GetProperty("revision").GetInt64();
        await EraseAsync(Canary);
        var again = await Service.PostAsync("/v1/events", $"[{EventAt(-3, Canary).Json()},{EventAt(-1, Canary).Json()}]");
        Assert.Equal((202, 2, 0), (again.Status, again.Json.GetProperty("erased").GetInt32(), again.Json.GetProperty("accepted").GetInt32()));
        Assert.Equal(404, (await Service.GetAsync($"/v1/users/{Canary}/window")).Status);

        await Service.AcceptAsync(EventAt(0.05, Canary));
        var mixed = await Service.PostAsync("/v1/events", $"[{EventAt(-2, Canary).Json()},{EventAt(0.1, Canary).Json()}]");
        Assert.Equal((1, 1), (mixed.Json.GetProperty("erased").GetInt32(), mixed.Json.GetProperty("accepted").GetInt32()));
        var profile = (await Service.FreshAsync(Canary)).Json;
        Assert.Equal(2, profile.GetProperty("eventCount").GetInt32());
        Assert.True(profile.GetProperty("revision").GetInt64() > before);
    }

    [Fact]
    public async Task UserOfWhomNothingIsKnownIsErasedToo()
    {
        var receipt = await EraseAsync("never-seen");
        Assert.Equal(0, receipt.GetProperty("removed").GetProperty("windows").GetInt32());
        var late = await Service.PostAsync("/v1/events", EventAt(-1, "never-seen").Json());
        Assert.Equal(1, late.Json.GetProperty("erased").GetInt32());
    }

    [Fact]
    public async Task ManyUsersAreErasedWithOneReceiptWhateverTheirIds()
    {
        string[] users = ["a/b", "100%", "ü\"'", .. Enumerable.Range(0, 60).Select(i => $"many-{i}")];
        await Service.AcceptAsync([.. users.Select(user => EventAt(-1, user))]);
        var reply = await Service.PostAsync("/v1/erasures", JsonSerializer.Serialize(new { userIds = users }));
        Assert.Equal(202, reply.Status);
        Assert.Equal($"/v1/erasures/{reply.Json.GetProperty("receipt").GetString()}", reply.Headers["Location"]);
        var receipt = await GoneAsync(reply.Json.GetProperty("receipt").GetString()!);
        Assert.Equal(users.Length, receipt.GetProperty("removed").GetProperty("windows").GetInt32());
        foreach (var user in users)
            Assert.Equal(404, (await Service.GetAsync($"/v1/users/{Uri.EscapeDataString(user)}/window")).Status);
    }

    [Fact]
    public async Task WrongRequestsAreRefusedAndSayWhy()
    {
        Assert.Equal("userIds", (await Service.PostAsync("/v1/erasures", "{}")).Problem(400).GetProperty("field").GetString());
        Assert.Equal("userIds[1]", (await Service.PostAsync("/v1/erasures", """{ "userIds": ["a", ""] }""")).Problem(400).GetProperty("field").GetString());
        Assert.Equal("missing_field", (await Service.PostAsync("/v1/erasures", """{ "userIds": [] }""")).Problem(400).GetProperty("code").GetString());
        var many = JsonSerializer.Serialize(new { userIds = Enumerable.Range(0, 1_001).Select(i => $"u{i}") });
        Assert.Equal("too_many_users", (await Service.PostAsync("/v1/erasures", many)).Problem(400).GetProperty("code").GetString());
        Assert.Equal("no_receipt", (await Service.GetAsync($"/v1/erasures/{new string('0', 32)}")).Problem(404).GetProperty("code").GetString());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task StreamOfLinesHasOneReceiptAndSaysWhichLinesWereBad(bool isGzip)
    {
        string[] users = ["a/b", "ü\"'", .. Enumerable.Range(0, 1_200).Select(i => $"many-{i}")]; // more than are erased together
        await Service.AcceptAsync([.. users.Take(10).Select(user => EventAt(-1, user))]);
        List<string> lines = [.. users.Select(user => JsonSerializer.Serialize(new { userId = user }))];
        lines.InsertRange(2, ["{", """{"userId":".."}""", """{"userId":"a/b"}"""]);
        var reply = await StreamAsync(string.Join('\n', lines), isGzip);
        Assert.Equal(202, reply.Status);
        Assert.Equal((users.Length, 2), (reply.Json.GetProperty("users").GetInt32(), reply.Json.GetProperty("rejected").GetInt32()));
        Assert.Equal([(2, "malformed_json"), (3, "reserved_id")], reply.Json.GetProperty("problems").EnumerateArray()
            .Select(p => (p.GetProperty("index").GetInt32(), p.GetProperty("code").GetString()!)));
        var receipt = await GoneAsync(reply.Json.GetProperty("receipt").GetString()!);
        Assert.Equal(10, receipt.GetProperty("removed").GetProperty("windows").GetInt32());
        Assert.Equal(users.Length, receipt.GetProperty("users").GetInt32());
        Assert.False(receipt.TryGetProperty("problems", out _));
        Assert.Equal(1, (await Service.PostAsync("/v1/events", EventAt(-1, "many-1199").Json())).Json.GetProperty("erased").GetInt32());
    }

    [Theory]
    [InlineData("", "empty_body")]
    [InlineData("{}\n{}", "missing_field")]
    [InlineData("{\n[", "malformed_json")]
    [InlineData("""{"userIds":["a"]}""", "unknown_parameter")]
    public async Task StreamWithoutAGoodLineIsRefused(string lines, string code) =>
        Assert.Equal(code, (await StreamAsync(lines)).Problem(400).GetProperty("code").GetString());

    [Fact]
    public async Task UsersOfAStreamThatBreaksOffAreErasedAndItsReceiptEnds()
    {
        await Service.AcceptAsync(EventAt(-1, Canary), EventAt(-1, "never-sent"));
        using var content = new EndlessContent($$"""{"userId":"{{Canary}}"}""");
        var sending = Service.Client.PostAsync("/v1/erasures", content, Token);
        await Eventually.IsTrueAsync(async () => (await Service.GetAsync($"/v1/users/{Canary}/window")).Status == 404);
        await Service.Services.GetRequiredService<UserEraser>().FinishAsync(Token);
        Assert.Equal((0, null), await ReceiptAsync()); // more may come
        content.Break();
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => sending);
        await Eventually.IsTrueAsync(async () => await ReceiptAsync() is (1, not null));
        Assert.Equal(200, (await Service.GetAsync("/v1/users/never-sent/window")).Status);
    }

    [Fact]
    public async Task AttributesThatArePutAfterwardsBeginAnewToo()
    {
        await FillAsync(Canary);
        await EraseAsync(Canary);
        Assert.Equal(200, (await Service.PutAsync($"/v1/users/{Canary}/attributes", """{ "age": 20 }""")).Status);
        Assert.Equal(20, (await Service.GetAsync($"/v1/users/{Canary}/attributes")).Json.GetProperty("attributes").GetProperty("age").GetInt32());
        Assert.Equal(0, (await Service.FreshAsync(Canary)).Json.GetProperty("eventCount").GetInt32());
    }

    [Fact]
    public async Task NothingComesBackWhateverRunsBesideTheErasure() =>
        Assert.Equal([], await new ErasureSchedules(Service).RunAsync(first: 1, ErasureSchedules.Count(Schedules)));

    private Task<Reply> StreamAsync(string lines, bool isGzip = false)
    {
        var body = Encoding.UTF8.GetBytes(lines);
        if (!isGzip)
            return Service.PostAsync("/v1/erasures", body, "application/x-ndjson");
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(body);
        return Service.PostAsync("/v1/erasures", packed.ToArray(), "application/x-ndjson", ("Content-Encoding", "gzip"));
    }

    private async Task<(int Users, DateTime? GoneAt)> ReceiptAsync()
    {
        await using var db = await Service.Services.GetRequiredService<IDbContextFactory<ProfileDbContext>>().CreateDbContextAsync(Token);
        var receipt = await db.Erasures.AsNoTracking().SingleAsync(Token);
        return (receipt.Users, receipt.GoneAt);
    }

    private async Task<string> TextAsync(string path) => Encoding.UTF8.GetString((await Service.GetAsync(path)).Body);
}
