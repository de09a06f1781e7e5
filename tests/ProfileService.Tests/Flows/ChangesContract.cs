using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using ProfileService.Model;
using ProfileService.Profiles;
using ProfileService.Storage;
using ProfileService.Tests.Privacy;
using static ProfileService.Tests.Flows.FollowedLines;

namespace ProfileService.Tests.Flows;

/// <summary>What those who follow the changes are told, on every store.</summary>
public abstract class ChangesContract : ServiceToEraseFrom
{
    [Fact]
    public async Task ProfilesAreToldInTheOrderOfTheirLastChange()
    {
        await StoreAsync("a", 1);
        await StoreAsync("b", 1);
        await StoreAsync("a", 2);
        var (changes, cursor) = await Service.FollowAsync();
        Assert.Equal(["b", "a"], changes.Select(change => change.UserOf()));
        Assert.Equal([1, 2], changes.Select(change => change.Revision()));
        Assert.All(changes, change => Assert.Equal(Model.Id, change.GetProperty("model").GetString()));
        Assert.Equal("2026-11-02T00:00:00Z", changes[0].GetProperty("computedAt").GetString());
        Assert.False(changes[0].TryGetProperty("vector", out _));

        Assert.Equal([], (await Service.FollowAsync(cursor)).Changes);
        await StoreAsync("a", 1); // not stored: a newer revision is
        await StoreAsync("c", 1);
        Assert.Equal("c", Assert.Single((await Service.FollowAllAsync(cursor)).Changes).UserOf());
    }

    [Fact]
    public async Task PagesHaveEveryProfileOnceWhateverTheirSize()
    {
        await StoreAsync([.. Enumerable.Range(0, 23).Select(u => ($"u{u}", 1L))]);
        var (changes, _) = await Service.FollowAllAsync(more: "&limit=5");
        Assert.Equal(23, changes.Count);
        Assert.Equal(23, changes.Select(change => change.UserOf()).Distinct().Count());
    }

    [Theory]
    [InlineData("floats")]
    [InlineData("base64")]
    public async Task VectorsAreThoseOfTheProfiles(string form)
    {
        await FillAsync("a");
        var asked = (await Service.GetAsync("/v1/users/a/profile")).Floats64("vector");
        var (changes, _) = await Service.FollowAsync(more: $"&vectors={form}");
        Assert.Equal(asked, VectorOf(changes.Single()));
        Assert.Equal(asked, VectorOf((await Service.GetAsync($"/v1/profiles/export?vectors={form}")).Lines()[1]));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public async Task ProfileThatIsNotFiniteIsPassedOver(float number) // as a build from before may have stored one
    {
        await StoreAsync("a", 1);
        var wrong = Profile("b", 1, Model);
        VectorBytes.From([number]).CopyTo(wrong.Vector, 8);
        await Services.GetRequiredService<ProfileStore>().StoreAsync([wrong], Token);
        await StoreAsync("c", 1);

        foreach (var form in (string[])["floats", "base64"])
        {
            var lines = (await Service.GetAsync($"/v1/profiles/export?vectors={form}")).Lines();
            Assert.Equal(["a", "c"], lines.Skip(1).SkipLast(1).Select(line => line.UserOf()));
            Assert.Equal("{\"profiles\":2}", lines[^1].GetRawText());
            Assert.Equal(["a", "c"], (await Service.FollowAsync(more: $"&vectors={form}")).Changes.Select(change => change.UserOf()));
        }

        Assert.Equal(["a", "c"], (await Service.FollowAsync()).Changes.Select(change => change.UserOf())); // without vectors, too

        const string users = "{\"userIds\":[\"a\",\"b\",\"c\"]}";
        var found = (await Service.PostAsync("/v1/profiles/lookup", users)).Json;
        Assert.Equal(["a", "c"], found.GetProperty("profiles").EnumerateArray().Select(p => p.UserOf()));
        Assert.Equal("b", Assert.Single(found.GetProperty("missing").EnumerateArray()).GetString());
        var rows = (await Service.PostAsync("/v1/profiles/lookup", users, headers: ("Accept", "application/octet-stream"))).Floats.Chunk(16).ToList();
        Assert.All(rows[1], cell => Assert.True(float.IsNaN(cell)));
        Assert.Equal(404, (await Service.GetAsync("/v1/users/b/profile")).Status);
        var own = (await Service.GetAsync("/v1/users/b/export")).Lines();
        Assert.Equal("end", own[^1].GetProperty("section").GetString());
        Assert.DoesNotContain(own.Where(line => line.TryGetProperty("section", out var of) && of.GetString() == "profiles"), line => line.TryGetProperty("vector", out _));
    }

    [Fact]
    public async Task ErasedUserIsToldByThePseudonymAlone()
    {
        await FillAsync(Canary);
        await FillAsync("somebody-else");
        var (before, cursor) = await Service.FollowAllAsync();
        var user = before.Last(change => change.UserOf() == Canary);
        await EraseAsync(Canary);

        var deletion = Assert.Single((await Service.FollowAllAsync(cursor)).Changes);
        Assert.True(deletion.IsDeletion());
        Assert.Equal(user.Pseudonym(), deletion.Pseudonym());
        Assert.True(deletion.Revision() >= user.Revision());
        Assert.Equal(["pseudonym", "revision", "deleted"], deletion.EnumerateObject().Select(member => member.Name));

        var all = (await Service.GetAsync("/v1/profiles/changes")).Lines(); // who begins has nothing to delete
        Assert.Equal(["somebody-else"], all.SkipLast(1).Select(change => change.UserOf()));
        Assert.Empty((await Service.FollowAsync(all[^1].GetProperty("cursor").GetString()!)).Changes);
    }

    [Fact]
    public async Task UserWhoBeginsAnewHasARevisionAboveTheDeletion()
    {
        await FillAsync(Canary);
        var cursor = (await Service.FollowAllAsync()).Cursor;
        await EraseAsync(Canary);
        await Service.AcceptAsync(EventAt(0.05, Canary));
        Assert.Equal(200, (await Service.FreshAsync(Canary)).Status);
        var (changes, _) = await Service.FollowUntilAsync(2, cursor);
        Assert.True(changes.Last(change => !change.IsDeletion()).Revision() > changes.Single(change => change.IsDeletion()).Revision());
    }

    [Fact]
    public async Task UserWhosePurposesEndTheProfileIsDeletedAndComesBackWhenTheyAllowOne()
    {
        await FillAsync("a");
        var (before, cursor) = await Service.FollowAllAsync();
        Assert.Equal(200, (await SetPurposesAsync("a", false)).Status);
        var (changes, next) = await Service.FollowAllAsync(cursor);
        Assert.Equal(before[^1].Pseudonym(), Assert.Single(changes, change => change.IsDeletion()).Pseudonym());
        Assert.False(changes.Single(change => change.IsDeletion()).TryGetProperty("revision", out _));

        Assert.Equal(200, (await SetPurposesAsync("a", true)).Status);
        Assert.Equal(200, (await Service.FreshAsync("a")).Status);
        Assert.Equal("a", (await Service.FollowUntilAsync(1, next)).Changes[^1].UserOf());
    }

    [Fact]
    public async Task IdThatBecomesAnAliasIsDeletedAndThePersonIsTold()
    {
        await FillAsync("visitor");
        await FillAsync("account");
        var (before, cursor) = await Service.FollowAllAsync();
        Assert.Equal(200, (await Service.PostAsync("/v1/users/account/merge", """{"from":"visitor"}""")).Status);
        Assert.Equal(200, (await Service.FreshAsync("account")).Status);

        var (changes, next) = await Service.FollowUntilAsync(2, cursor);
        var deletion = Assert.Single(changes, change => change.IsDeletion());
        Assert.Equal(before.Last(change => change.UserOf() == "visitor").Pseudonym(), deletion.Pseudonym());
        Assert.Equal("account", changes.Last(change => !change.IsDeletion()).UserOf());
        Assert.Empty((await Service.FollowAllAsync(next)).Changes);
        Assert.Equal(["account"], (await Service.GetAsync("/v1/profiles/export")).Lines().Skip(1).SkipLast(1).Select(line => line.UserOf()));
    }

    [Fact]
    public async Task WaitEndsWithTheFirstChange()
    {
        using var changes = new SteppedFeed(Service);
        var waiting = changes.WaitAsync();
        Assert.False(waiting.IsCompleted);
        await StoreAsync("a", 1);
        changes.Time.Advance(SteppedFeed.Look);
        await SteppedFeed.EndedAsync(waiting);
        Assert.Equal("a", Assert.Single((await waiting).Changes).UserId);
    }

    [Fact]
    public async Task WaitWithoutAChangeEndsWithACursorToGoOnWith()
    {
        var (changes, cursor) = await Service.FollowAsync(more: "&wait=1");
        Assert.Empty(changes);
        await StoreAsync("a", 1);
        Assert.Single((await Service.FollowAllAsync(cursor)).Changes);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("1.2.3")]
    [InlineData("1.0.0.0")]
    [InlineData("2.0.0.0.0")]
    [InlineData("1.-1.0.0.0")]
    [InlineData("1.0.0.0.99999999999999999999")]
    public async Task WhatIsNoCursorIs400(string after)
    {
        var problem = (await Service.GetAsync($"/v1/profiles/changes?after={after}")).Problem(400);
        Assert.Equal(("invalid_cursor", "after"), (problem.GetProperty("code").GetString(), problem.GetProperty("field").GetString()));
        var stream = (await Service.GetAsync("/v1/profiles/changes", ("Accept", "text/event-stream"), ("Last-Event-ID", after))).Problem(400);
        Assert.Equal(("invalid_cursor", "Last-Event-ID"), (stream.GetProperty("code").GetString(), stream.GetProperty("field").GetString()));
    }

    [Theory]
    [InlineData("1.9.0.0.0")]
    [InlineData("1.0.9.0.0")]
    [InlineData("1.0.0.9.0")]
    [InlineData("1.0.0.0.9")]
    public async Task CursorOfAnotherDatabaseIs410ThatSaysWhatToDo(string after)
    {
        var problem = (await Service.GetAsync($"/v1/profiles/changes?after={after}&wait=30")).Problem(410);
        Assert.Equal("cursor_unknown", problem.GetProperty("code").GetString());
        Assert.Contains("/v1/profiles/export", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ProfilesOfAFormerModelAreNotTold()
    {
        await StoreAsync("a", 1);
        var former = new ModelStamp("former/1", "d");
        await Services.GetRequiredService<ProfileStore>().StoreAsync([Profile("b", 1, former)], Token);
        Assert.Equal("a", Assert.Single((await Service.FollowAllAsync()).Changes).UserOf());
    }

    [Fact]
    public async Task ProfilesOfAModelThatWasActivatedAMomentAgoAreToldAndExported()
    {
        await StoreAsync("a", 1);
        var (_, cursor) = await Service.FollowAllAsync();
        var (next, profiles) = (new ModelStamp("next/1", "d"), Services.GetRequiredService<ProfileStore>());
        await profiles.BeginServingAsync(next, isFirst: false, Token); // by another process; this one looks once a second
        await profiles.StoreAsync([Profile("b", 1, next)], Token);
        Assert.Equal("b", Assert.Single((await Service.FollowAllAsync(cursor)).Changes).UserOf());

        await profiles.StoreAsync([Profile("c", 1, next)], Token);
        var lines = (await Service.GetAsync("/v1/profiles/export")).Lines();
        Assert.Equal(("next/1", "d"), (lines[0].GetProperty("model").GetString(), lines[0].GetProperty("digest").GetString()));
        Assert.Equal(["b", "c"], lines.Skip(1).SkipLast(1).Select(line => line.UserOf()));
        Assert.Empty((await Service.FollowAllAsync(lines[0].GetProperty("cursor").GetString()!)).Changes);
    }

    [Fact]
    public async Task EventStreamGoesOnAfterTheLastIdThatWasRead()
    {
        await StoreAsync("a", 1);
        string last;
        using (var events = await Service.OpenEventsAsync(Beginning))
        {
            var (_, first) = await events.NextEventAsync();
            Assert.Equal("a", first.UserOf());
            await StoreAsync("b", 1);
            var (id, second) = await events.NextEventAsync();
            Assert.Equal("b", second.UserOf());
            last = id;
        }

        await StoreAsync("c", 1);
        using var again = await Service.OpenEventsAsync(Beginning, last); // a browser repeats the address, and adds the header
        Assert.Equal("c", (await again.NextEventAsync()).Data.UserOf());
    }

    [Fact]
    public async Task ExportHasEveryProfileAndACursorFromWhichNothingIsMissed()
    {
        await StoreAsync([.. Enumerable.Range(0, 4_500).Select(u => ($"u{u:D4}", 1L))]);
        var lines = (await Service.GetAsync("/v1/profiles/export")).Lines();
        Assert.Equal(Enumerable.Range(0, 4_500).Select(u => $"u{u:D4}"), lines.Skip(1).SkipLast(1).Select(change => change.UserOf()));
        Assert.Equal((Model.Id, 16), (lines[0].GetProperty("model").GetString(), lines[0].GetProperty("dimension").GetInt32()));
        Assert.Equal("""{"profiles":4500}""", lines[^1].GetRawText());

        await StoreAsync("u0007", 2);
        var cursor = lines[0].GetProperty("cursor").GetString()!;
        Assert.Equal("u0007", Assert.Single((await Service.FollowAllAsync(cursor)).Changes).UserOf());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1_999)]
    [InlineData(2_000)]
    [InlineData(2_001)]
    [InlineData(4_499)]
    [InlineData(4_500)]
    public async Task ExportGoesOnWhereItEnded(int limit)
    {
        await StoreAsync([.. Enumerable.Range(0, 4_500).Select(u => ($"u{u:D4}", 1L))]);
        var first = (await Service.GetAsync($"/v1/profiles/export?limit={limit}&vectors=base64")).Lines();
        Assert.Equal(limit, first.Count - 2);
        var next = first[^1].GetProperty("next").GetString();
        Assert.Equal($"u{limit - 1:D4}", next);
        var rest = (await Service.GetAsync($"/v1/profiles/export?after={next}&vectors=base64")).Lines();
        Assert.Equal(4_500 - limit, rest.Count - 2);
        Assert.False(rest[^1].TryGetProperty("next", out _));
    }

    [Fact]
    public async Task ExportHasNoErasedUser()
    {
        await FillAsync(Canary);
        await FillAsync("somebody-else");
        await EraseAsync(Canary);
        var text = Encoding.UTF8.GetString((await Service.GetAsync("/v1/profiles/export")).Body);
        Assert.DoesNotContain(Canary, text, StringComparison.Ordinal);
        Assert.Contains("somebody-else", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnswersThatNobodyReadsKeepNobodyFromBeingErased()
    {
        await FillAsync(Canary);
        await StoreAsync([.. Enumerable.Range(0, 20_000).Select(u => ($"u{u:D5}", 1L))]);
        var export = Service.Client.GetAsync("/v1/profiles/export", HttpCompletionOption.ResponseHeadersRead, Token);
        using var unread = await export;
        using var events = await Service.OpenEventsAsync(Beginning);
        Assert.Equal(HttpStatusCode.OK, unread.StatusCode);
        var receipt = await EraseAsync(Canary);
        Assert.Equal(1, receipt.GetProperty("removed").GetProperty("profiles").GetInt32());
    }

    [Theory]
    [InlineData("/v1/profiles/changes?wait=31", "wait")]
    [InlineData("/v1/profiles/changes?limit=0", "limit")]
    [InlineData("/v1/profiles/changes?limit=1001", "limit")]
    [InlineData("/v1/profiles/changes?vectors=csv", "vectors")]
    [InlineData("/v1/profiles/export?vectors=npy", "vectors")]
    [InlineData("/v1/profiles/export?limit=0", "limit")]
    [InlineData("/v1/profiles/export?after=%00", "after")]
    public async Task BadQueryIs400ThatNamesTheField(string path, string field) =>
        Assert.Equal(field, (await Service.GetAsync(path)).Problem(400).GetProperty("field").GetString());

    private protected IServiceProvider Services => Service.Services;

    private protected ModelStamp Model => Services.GetRequiredService<ModelRegistry>().Active;

    private protected Task StoreAsync(string user, long revision) => StoreAsync([(user, revision)]);

    private protected async Task StoreAsync(IReadOnlyList<(string User, long Revision)> profiles)
    {
        foreach (var some in profiles.Chunk(1_000))
            await Services.GetRequiredService<ProfileStore>().StoreAsync([.. some.Select(p => Profile(p.User, p.Revision, Model))], Token);
    }

    private protected static Profile Profile(string user, long revision, ModelStamp model) => new()
    {
        UserId = user,
        Model = model.Id,
        Digest = model.Digest,
        Revision = revision,
        EventCount = 1,
        EventsThrough = new DateTime(2026, 11, 1, 0, 0, 0, DateTimeKind.Utc),
        ComputedAt = new DateTime(2026, 11, 2, 0, 0, 0, DateTimeKind.Utc),
        Vector = VectorBytes.From([.. Enumerable.Range(0, 16).Select(i => i == revision % 16 ? 1f : 0f)]),
    };

    private Task<Reply> SetPurposesAsync(string user, bool profile) => Service.PutAsync(
        $"/v1/users/{user}/purposes",
        JsonSerializer.Serialize(new { profile, explain = true, similar = true, train = true }));

    private static double[] VectorOf(JsonElement line)
    {
        var vector = line.GetProperty("vector");
        return vector.ValueKind == JsonValueKind.Array
            ? [.. vector.EnumerateArray().Select(x => x.GetDouble())]
            : [.. VectorBytes.ToFloats(vector.GetBytesFromBase64()).Select(AsWritten)];

        static double AsWritten(float x) => double.Parse(x.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }
}
