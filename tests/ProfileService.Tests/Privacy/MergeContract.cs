using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ProfileService.Model;
using ProfileService.Platform;
using ProfileService.Privacy;
using ProfileService.Privacy.Merging;
using ProfileService.Profiles;
using ProfileService.Purposes;
using ProfileService.Storage;
using ProfileService.Windows;
using ProfileService.Windows.Codec;

namespace ProfileService.Tests.Privacy;

/// <summary>Two ids of one person, on every store.</summary>
public abstract class MergeContract : ServiceToEraseFrom
{
    private const string OnlyExplain = """{"profile":true,"explain":true,"similar":false,"train":false}""";
    private const string OnlySimilar = """{"profile":true,"explain":false,"similar":true,"train":false}""";
    private const string NoProfile = """{"profile":false,"explain":true,"similar":true,"train":true}""";

    private static string NewUser => $"user-{Guid.NewGuid():N}";

    [Fact]
    public async Task BothAreOnePersonUnderTheIdThatWasMergedInto()
    {
        var (person, visitor) = (NewUser, NewUser);
        await FillAsync(visitor);
        await FillAsync(person);
        var merged = (await MergeAsync(person, visitor)).Json;
        Assert.Equal((person, visitor), (Text(merged, "userId"), Text(merged, "from")));
        Assert.Equal((1, 3), (Number(merged, "aliases"), Number(merged, "movedEvents")));

        foreach (var id in (string[])[person, visitor])
        {
            var profile = await Service.FreshAsync(id);
            Assert.Equal((200, person, 6), (profile.Status, Text(profile.Json, "userId"), Number(profile.Json, "eventCount")));
            var window = (await Service.GetAsync($"/v1/users/{id}/window")).Json;
            Assert.Equal(person, Text(window, "userId"));
            Assert.All(window.GetProperty("events").EnumerateArray(), e => Assert.Equal(person, Text(e, "userId")));
            foreach (var path in (string[])["similar", "recommendations", "predictions"])
                Assert.Equal(person, Text((await Service.GetAsync($"/v1/users/{id}/{path}")).Json, "userId"));
        }

        var looked = (await Service.PostAsync("/v1/profiles/lookup", $$"""{"userIds":["{{visitor}}"]}""")).Json;
        Assert.Equal(person, Text(Assert.Single(looked.GetProperty("profiles").EnumerateArray()), "userId"));
        Assert.DoesNotContain(visitor, (await Service.GetAsync("/v1/users?count=1000")).Json.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(0, await CountAsync(db => db.Profiles.Where(p => p.UserId == visitor)));
        Assert.Equal(0, await CountAsync(db => db.Attributes.Where(a => a.UserId == visitor)));
    }

    [Fact]
    public async Task LateEventsOfTheAliasFindThePersonAndRepeatedOnesAreDuplicates()
    {
        var (person, visitor) = (NewUser, NewUser);
        var events = Enumerable.Range(1, 9).Select(i => EventAt(-i, i % 2 == 0 ? person : visitor)).ToArray();
        await Service.AcceptAsync(events[..4]);
        await MergeAsync(person, visitor);
        await Service.AcceptAsync(events[4..]);
        var again = (await Service.PostAsync("/v1/events", $"[{string.Join(',', events.Select(e => e.Json()))}]")).Json;
        Assert.Equal(9, Number(again, "duplicates"));
        Assert.Equal(DigestOf(person, events), await DigestAsync(person));
    }

    [Fact]
    public async Task NoETagOfEitherNamesThePersonAlsoWhereTheAliasHadAttributesAlone()
    {
        var (person, visitor) = (NewUser, NewUser);
        foreach (var (id, age) in new[] { (visitor, 20), (visitor, 21), (visitor, 22), (person, 70) })
            Assert.Equal(200, (await Service.PutAsync($"/v1/users/{id}/attributes", $$"""{"age":{{age}}}""")).Status);
        var before = new[] { await Service.FreshAsync(visitor), await Service.FreshAsync(person) };
        await MergeAsync(person, visitor);
        var after = await Service.FreshAsync(visitor);
        Assert.All(before, profile => Assert.True(Revision(after) > Revision(profile)));
        foreach (var profile in before)
            Assert.Equal(200, (await Service.GetAsync($"/v1/users/{visitor}/profile", ("If-None-Match", profile.Headers["ETag"]))).Status);
    }

    [Fact]
    public async Task AliasThatIsMergedAgainAfterItsErasureIsKnownWhereBothAreReadAtOnce()
    {
        var (person, visitor) = (NewUser, NewUser);
        await FillAsync(visitor);
        await MergeAsync(person, visitor);
        await EraseAsync(visitor);
        await MergeAsync(person, visitor);
        var hash = Service.Services.GetRequiredService<UserHash>().Of(visitor);
        Service.Services.GetRequiredService<ErasedUsers>().Forget(visitor, hash, 0); // as a process does that reads the ledger after the aliases
        await Service.Services.GetRequiredService<ErasureWatch>().FollowAsync(Token);
        Assert.Equal(person, Service.Services.GetRequiredService<UserAliases>().PersonOf(visitor));
    }

    [Fact]
    public async Task ErasureOfAnAliasBeforeItsMergeHoldsAlsoWhereTheWindowsHaveLostItsMark()
    {
        var (person, visitor) = (NewUser, NewUser);
        var past = EventAt(-5, visitor);
        await Service.AcceptAsync(past);
        await EraseAsync(visitor);
        await Service.Services.GetRequiredService<AliasWriter>().EnterAsync(person, visitor, erasedBefore: 0, Token);
        await Service.Services.GetRequiredService<ErasureWatch>().FollowAsync(Token);
        Assert.Equal(1, Number((await Service.PostAsync("/v1/events", past.Json())).Json, "erased"));
    }

    [Fact]
    public async Task RandomMergesGiveTheWindowOfAllEventsSentToOneId()
    {
        for (var seed = 0; seed < 6; seed++)
        {
            var (random, ids) = (new Random(seed), Enumerable.Range(0, 4).Select(_ => NewUser).ToList());
            var events = Enumerable.Range(0, 60).Select(_ => EventAt(Now, -random.Next(1, 40), ids[random.Next(ids.Count)]) with
            {
                GivenId = random.Next(3) == 0 ? $"e{random.Next(20)}" : null,
                ItemId = $"i{random.Next(4)}",
            }).ToList();
            await Parallel.ForEachAsync(Steps(random, ids, events), Token, async (step, _) => await step());
            foreach (var id in ids.Skip(1)) // those whose chains were refused on the way
                Assert.Contains((await PostAsync(ids[0], id)).Status, (int[])[200, 409]);
            var person = Text((await Service.GetAsync($"/v1/users/{ids[0]}/window")).Json, "userId");
            Assert.All(ids, id => Assert.Equal(person, PersonOf(id)));
            await Eventually.IsTrueAsync(async () => DigestOf(person, events) == await DigestAsync(ids[1]));
        }
    }

    [Fact]
    public async Task MergeMayBeRepeatedAndAWrongOneIsRefused()
    {
        var (a, b, c, d) = (NewUser, NewUser, NewUser, NewUser);
        await Service.AcceptAsync(EventAt(-1, a), EventAt(-2, b), EventAt(-3, c));
        Assert.Equal("same_user", Code(await PostAsync(a, a), 400));
        await MergeAsync(b, a);
        Assert.Equal(0, Number((await MergeAsync(b, a)).Json, "movedEvents"));
        Assert.Equal("merge_cycle", Code(await PostAsync(a, b), 409));
        Assert.Equal("alias_of_another", Code(await PostAsync(d, a), 409));
        Assert.Equal("missing_field", Code(await Service.PostAsync($"/v1/users/{a}/merge", "{}"), 400));
        Assert.Equal("reserved_id", Code(await PostAsync(a, ".."), 400));
        Assert.Equal(b, Text((await MergeAsync(a, d)).Json, "userId")); // nothing is known of d; a stands for b
        Assert.Equal(3, Number((await MergeAsync(c, b)).Json, "aliases"));
        foreach (var id in (string[])[a, b, c, d])
            Assert.Equal(c, Text((await Service.GetAsync($"/v1/users/{id}/window")).Json, "userId"));
        Assert.Equal("merge_cycle", Code(await PostAsync(a, c), 409));
        await Service.AcceptAsync(EventAt(-4, d));
        Assert.Equal(4, (await Service.GetAsync($"/v1/users/{c}/window")).Json.GetProperty("events").GetArrayLength());
    }

    [Fact]
    public async Task PersonHasNoMoreAliasesThanAreReadAtOnce()
    {
        var (person, other) = (NewUser, NewUser);
        await using (var db = await Contexts.CreateDbContextAsync(Token))
        {
            db.Aliases.AddRange(Enumerable.Range(0, AliasWriter.MaxAliases - 1).Select(i => new AliasRow
            {
                UserId = $"{person}-{i}",
                PersonId = person,
                ErasedBefore = 0,
                MergedAt = Now.UtcDateTime,
                MovedAt = Now.UtcDateTime,
                Sequence = -i - 1, // before all that the service gives
            }));
            await db.SaveChangesAsync(Token);
        }

        await MergeAsync(person, NewUser);
        Assert.Equal("too_many_aliases", Code(await PostAsync(person, other), 409));
        Assert.Equal("too_many_aliases", Code(await PostAsync(other, person), 409)); // whose aliases would be those of the other one
        await MergeAsync(person, $"{person}-0"); // it is one
    }

    [Fact]
    public async Task OfTwoThatAreMergedIntoEachOtherOneIsThePerson()
    {
        for (var i = 0; i < 10; i++)
        {
            var (a, b) = (NewUser, NewUser);
            await Service.AcceptAsync(EventAt(-1, a), EventAt(-2, b));
            var replies = await Task.WhenAll(PostAsync(a, b), PostAsync(b, a));
            Assert.Equal([200, 409], replies.Select(r => r.Status).Order());
            var person = Text(replies.Single(r => r.Status == 200).Json, "userId");
            Assert.All((string[])[a, b], id => Assert.Equal(person, PersonOf(id)));
            Assert.Equal(2, (await Service.GetAsync($"/v1/users/{a}/window")).Json.GetProperty("events").GetArrayLength());
        }
    }

    [Fact]
    public async Task AttributesOfThePersonStandAndThoseThatItLacksComeFromTheAlias()
    {
        var (person, visitor) = (NewUser, NewUser);
        await Service.PutAsync($"/v1/users/{person}/attributes", """{"age":34,"region":"north"}""");
        await Service.PutAsync($"/v1/users/{visitor}/attributes", """{"age":20,"gender":"female"}""");
        await MergeAsync(person, visitor);
        var attributes = (await Service.GetAsync($"/v1/users/{visitor}/attributes")).Json;
        Assert.Equal(person, Text(attributes, "userId"));
        Assert.Equal(
            """{"age":34,"region":"north","gender":"female"}""", attributes.GetProperty("attributes").GetRawText());
        await Service.PutAsync($"/v1/users/{visitor}/attributes", """{"age":35}""");
        await Service.PostAsync("/v1/attributes", $$"""[{ "userId": "{{visitor}}", "attributes": { "age": 36 } }]""");
        Assert.Equal(
            """{"age":36}""", (await Service.GetAsync($"/v1/users/{person}/attributes")).Json.GetProperty("attributes").GetRawText());
    }

    [Fact]
    public async Task PurposesAreThoseThatBothAllowAndAreSetForBothFromThenOn()
    {
        var (person, visitor, late) = (NewUser, NewUser, NewUser);
        await Service.PutAsync($"/v1/users/{person}/purposes", OnlyExplain);
        await Service.PutAsync($"/v1/users/{visitor}/purposes", OnlySimilar);
        await MergeAsync(person, visitor);
        await MergeAsync(person, late); // of whom nobody has set them
        foreach (var id in (string[])[person, visitor, late])
            Assert.Equal("True False False False", await PurposesAsync(id));
        await Service.PutAsync($"/v1/users/{visitor}/purposes", OnlySimilar);
        Assert.Equal("True False True False", await PurposesAsync(person));
        await EraseAsync(visitor);
        foreach (var id in (string[])[person, visitor, late]) // each for itself: no id allows more than the person did
            Assert.Equal("True False True False", await PurposesAsync(id));
    }

    [Fact]
    public async Task PersonHasNoProfileWhereTheAliasAllowsNone()
    {
        var (person, visitor) = (NewUser, NewUser);
        await FillAsync(person);
        await Service.PutAsync($"/v1/users/{visitor}/purposes", NoProfile);
        await MergeAsync(person, visitor);
        Assert.Equal("purpose_not_allowed", Code(await Service.GetAsync($"/v1/users/{person}/profile"), 404));
        Assert.Equal(0, await CountAsync(db => db.Profiles.Where(p => p.UserId == person)));
        Assert.Equal("purpose_not_allowed", (await Service.PostAsync("/v1/events", EventAt(0, visitor).Json())).Problem(400)
            .GetProperty("problems")[0].GetProperty("code").GetString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WhicheverIdIsErasedThePersonIsGoneAndNothingComesBack(bool isByAlias)
    {
        var (person, visitor, other) = (NewUser, NewUser, NewUser);
        foreach (var id in (string[])[person, visitor, other])
            await FillAsync(id);
        var then = Now;
        await Service.AcceptAsync(EventAt(then, 3, visitor) with { ItemId = "ahead" }); // of a clock that is ahead
        await MergeAsync(visitor, other);
        await MergeAsync(person, visitor);
        await Service.FreshAsync(person);
        await EraseAsync(isByAlias ? other : person);

        Assert.Equal(0, await CountAsync(db => db.Aliases));
        foreach (var id in (string[])[person, visitor, other])
        {
            foreach (var path in (string[])["profile?fresh=true", "window", "attributes"])
                Assert.Equal((id, path, 404), (id, path, (await Service.GetAsync($"/v1/users/{id}/{path}")).Status));
            var late = await Service.PostAsync("/v1/events", $"[{EventAt(-3, id).Json()},{EventAt(then, 2, id).Json()}]");
            Assert.Equal((id, 2), (id, Number(late.Json, "erased")));
        }

        await Service.AcceptAsync(EventAt(4, other)); // begins anew, for itself
        Assert.Equal(other, Text((await Service.GetAsync($"/v1/users/{other}/window")).Json, "userId"));
        Assert.Equal(404, (await Service.GetAsync($"/v1/users/{person}/window")).Status);
        await MergeAsync(person, other); // and may be merged again
        Assert.Equal(person, Text((await Service.GetAsync($"/v1/users/{other}/window")).Json, "userId"));
    }

    [Fact]
    public async Task MergesBesideAnErasureLetNothingOfTheErasedSurvive()
    {
        for (var round = 0; round < 12; round++)
        {
            string[] ids = [NewUser, NewUser, NewUser];
            foreach (var id in ids)
                await Service.AcceptAsync([.. Enumerable.Range(1, 4).Select(i => EventAt(-i, id) with { ItemId = id })]);
            var erased = ids[round % 3];
            var erasing = EraseAsync(erased);
            await Task.WhenAll(PostAsync(ids[1], ids[0]), PostAsync(ids[2], ids[1]), PostAsync(ids[0], ids[2]));
            await erasing;
            await Service.Services.GetRequiredService<AliasWorker>().MoveAsync(Token);
            var events = Enumerable.Range(1, 4).Select(i => EventAt(-i, erased).Json());
            var again = await Service.PostAsync("/v1/events", $"[{string.Join(',', events)}]");
            Assert.Equal(4, Number(again.Json, "erased"));
            foreach (var id in ids)
            {
                var window = Encoding.UTF8.GetString((await Service.GetAsync($"/v1/users/{id}/window")).Body);
                Assert.DoesNotContain($"\"itemId\":\"{erased}\"", window, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task EventsOfBeforeTheAliasWasErasedStayOutOfThePerson()
    {
        var (person, visitor) = (NewUser, NewUser);
        await FillAsync(visitor);
        await EraseAsync(visitor);
        await MergeAsync(person, visitor);
        var late = (await Service.PostAsync("/v1/events", $"[{EventAt(-2, visitor).Json()},{EventAt(1, visitor).Json()}]")).Json;
        Assert.Equal((1, 1), (Number(late, "erased"), Number(late, "accepted")));
    }

    [Fact]
    public async Task ExportOfThePersonTellsTheAliases()
    {
        var (person, visitor) = (NewUser, NewUser);
        await Service.AcceptAsync(EventAt(-1, visitor), EventAt(-2, person));
        await Service.PutAsync($"/v1/users/{visitor}/purposes", OnlyExplain);
        await MergeAsync(person, visitor);
        foreach (var id in (string[])[person, visitor])
        {
            var lines = LinesOf(await Service.GetAsync($"/v1/users/{id}/export")).ConvertAll(line => JsonElement.Parse(line));
            Assert.Equal(person, Text(lines[0], "userId"));
            var alias = Assert.Single(lines, line => IsOf(line, "aliases"));
            Assert.Equal((visitor, person), (Text(alias, "userId"), Text(alias, "personId")));
            Assert.Equal(2, lines.Count(line => IsOf(line, "events")));
            Assert.Equal(2, lines.Count(line => IsOf(line, "purposes")));
            Assert.Equal(lines.Count - 2, Number(lines[^1], "lines"));
        }
    }

    [Fact]
    public async Task MergeThatWasCutOffIsFinishedByAWorker()
    {
        var (person, visitor) = (NewUser, NewUser);
        await FillAsync(visitor);
        var (outcome, _) = await Service.Services.GetRequiredService<AliasWriter>().EnterAsync(person, visitor, 0, Token);
        Assert.Equal(MergeOutcome.Merged, outcome); // the process died here
        await Eventually.IsTrueAsync(async () =>
            await CountAsync(db => db.Aliases.Where(a => a.UserId == visitor && a.MovedAt != null)) == 1);
        await Eventually.IsTrueAsync(async () =>
            await Service.FreshAsync(visitor) is { Status: 200 } found && Text(found.Json, "userId") == person);
        Assert.Equal(3, (await Service.GetAsync($"/v1/users/{person}/window")).Json.GetProperty("events").GetArrayLength());
        Assert.Equal(200, (await Service.GetAsync($"/v1/users/{person}/attributes")).Status);
        Assert.Equal(0, await CountAsync(db => db.Profiles.Where(p => p.UserId == visitor)));
    }

    [Fact]
    public async Task PersonIsRefreshedAlsoIfAMergeWasCutOffBetweenAttributesAndRevision()
    {
        var (person, visitor) = (NewUser, NewUser);
        await FillAsync(person);
        Assert.Equal(200, (await Service.PutAsync($"/v1/users/{visitor}/attributes", """{"city":"Graz"}""")).Status);
        var before = (await Service.FreshAsync(person)).Json.GetProperty("revision").GetInt64();
        await Service.Services.GetRequiredService<AliasWriter>().EnterAsync(person, visitor, 0, Token);
        await Service.Services.GetRequiredService<ErasureWatch>().FollowAsync(Token);
        await Service.Services.GetRequiredService<AliasAttributes>().MoveAsync(visitor, person, Token); // the process died here
        await Eventually.IsTrueAsync(async () => (await Service.FreshAsync(person)).Json.GetProperty("revision").GetInt64() > before);
        await Eventually.IsTrueAsync(async () => await CountAsync(db => db.Attributes.Where(a => a.UserId == visitor)) == 0);
        Assert.Equal("Graz", Text((await Service.GetAsync($"/v1/users/{person}/attributes")).Json.GetProperty("attributes"), "city"));
    }

    [Fact]
    public async Task AttributeThatThePersonDropsAfterAMergeWasCutOffStaysAway()
    {
        var (person, visitor) = (NewUser, NewUser);
        await AddAliasAsync(person, visitor); // so that no worker finishes the merge
        var attributes = Service.Services.GetRequiredService<AliasAttributes>();
        await Service.PutAsync($"/v1/users/{visitor}/attributes", """{"city":"Graz"}""");
        Assert.NotNull(await attributes.MoveAsync(visitor, person, Token)); // the process died here
        Assert.Equal("Graz", Text((await Service.GetAsync($"/v1/users/{person}/attributes")).Json.GetProperty("attributes"), "city"));
        await Service.PutAsync($"/v1/users/{person}/attributes", """{"age":35}""");

        var setAt = await attributes.MoveAsync(visitor, person, Token);
        Assert.NotNull(setAt); // so that the person is made due
        await attributes.DeleteAsync(visitor, setAt.Value, Token);
        Assert.Equal(
            """{"age":35}""", (await Service.GetAsync($"/v1/users/{person}/attributes")).Json.GetProperty("attributes").GetRawText());
        Assert.Equal(0, await CountAsync(db => db.Attributes.Where(a => a.UserId == visitor)));
    }

    [Fact]
    public async Task ProfileThatARefreshComputedOfTheAliasBeforeIsNotStored()
    {
        var (person, visitor) = (NewUser, NewUser);
        await FillAsync(visitor);
        await using var db = await Contexts.CreateDbContextAsync(Token);
        var before = await db.Profiles.AsNoTracking().SingleAsync(p => p.UserId == visitor, Token);
        await MergeAsync(person, visitor);
        var store = Service.Services.GetRequiredService<ProfileStore>();
        await store.StoreAsync([before], Token);
        Assert.Equal(0, await CountAsync(c => c.Profiles.Where(p => p.UserId == visitor)));
        Assert.Null(await store.FindAsync(visitor, new ModelStamp(before.Model, before.Digest), Token)); // nor cached
    }

    [Fact]
    public async Task ErasureThatIsPendingKeepsMergesOut()
    {
        var (person, visitor) = (NewUser, NewUser);
        await using (var db = await Contexts.CreateDbContextAsync(Token))
        {
            db.PendingErasures.Add(new PendingErasure
            {
                Receipt = new string('e', 32),
                UserId = visitor,
                RequestedAt = Now.UtcDateTime,
                LeasedUntil = Now.UtcDateTime.AddMinutes(1.9), // the latest that counts
            });
            await db.SaveChangesAsync(Token);
        }

        Assert.Equal("erasure_pending", Code(await PostAsync(person, visitor), 409));
        Assert.Equal("erasure_pending", Code(await PostAsync(visitor, person), 409));
    }

    [Fact]
    public async Task CopiesThatAFailedMoveLeftAreRemovedByTheNext()
    {
        var (person, visitor) = (NewUser, NewUser);
        await Service.PutAsync($"/v1/users/{visitor}/purposes", NoProfile);
        await MergeAsync(person, visitor);
        var again = await Service.Services.GetRequiredService<PurposeStore>().NarrowAsync(person, Token);
        Assert.Equal([person, visitor], again.Where(c => !c.IsNew && !c.Row.Profile).Select(c => c.UserId));
    }

    [Fact]
    public async Task AttributesOfAnIdThatIsNoAliasAnyMoreStay()
    {
        var (person, visitor) = (NewUser, NewUser);
        await Service.PutAsync($"/v1/users/{visitor}/attributes", """{"age":20}""");
        Assert.Null(await Service.Services.GetRequiredService<AliasAttributes>().MoveAsync(visitor, person, Token));
        Assert.Equal(404, (await Service.GetAsync($"/v1/users/{person}/attributes")).Status);
    }

    /// <summary>Redis or the database fails while it is looked at.</summary>
    [Fact]
    public async Task MisplacedWindowIsLookedAtAgainIfThatFailed()
    {
        var misplaced = new MisplacedWindows(TimeProvider.System);
        using var worker = ActivatorUtilities.CreateInstance<AliasWorker>(Service.Services, misplaced, new AwayWindows());
        misplaced.Add(["visitor"]);
        await Assert.ThrowsAsync<TimeoutException>(() => worker.MoveAsync(Token));
        Assert.Equal("visitor", misplaced.Take());
    }

    /// <summary>An alias that no process knows and no worker moves.</summary>
    private protected async Task AddAliasAsync(string person, string alias)
    {
        await using var db = await Contexts.CreateDbContextAsync(Token);
        db.Aliases.Add(new AliasRow
        {
            UserId = alias,
            PersonId = person,
            ErasedBefore = 0,
            MergedAt = DateTime.UnixEpoch,
            MovedAt = DateTime.UnixEpoch,
            Sequence = -1,
        });
        await db.SaveChangesAsync(Token);
    }

    private protected IDbContextFactory<ProfileDbContext> Contexts =>
        Service.Services.GetRequiredService<IDbContextFactory<ProfileDbContext>>();

    private protected Task<Reply> PostAsync(string userId, string from) =>
        Service.PostAsync($"/v1/users/{userId}/merge", $$"""{"from":"{{from}}"}""");

    private protected async Task<Reply> MergeAsync(string userId, string from)
    {
        var reply = await PostAsync(userId, from);
        Assert.Equal(200, reply.Status);
        return reply;
    }

    private protected async Task<string?> DigestAsync(string userId) =>
        Text((await Service.GetAsync($"/v1/users/{userId}/window")).Json, "digest");

    /// <summary>The digest of the window if all events had been sent to the person.</summary>
    private protected string DigestOf(string person, IEnumerable<WindowEvent> events)
    {
        var (window, options) = (Window.Empty(person), Service.Services.GetRequiredService<IOptions<WindowOptions>>().Value);
        foreach (var e in events)
            window.Append(e with { UserId = person }, options, out _);
        return WindowCodec.Digest(window);
    }

    private protected static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private protected static int Number(JsonElement json, string name) => json.GetProperty(name).GetInt32();

    private static long Revision(Reply profile) => profile.Json.GetProperty("revision").GetInt64();

    private static string Code(Reply reply, int status) => Text(reply.Problem(status), "code");

    private protected static List<string> LinesOf(Reply reply) =>
        [.. Encoding.UTF8.GetString(reply.Body).Split('\n', StringSplitOptions.RemoveEmptyEntries)];

    private static bool IsOf(JsonElement line, string section) =>
        line.TryGetProperty("section", out var name) && name.GetString() == section;

    private IEnumerable<Func<Task>> Steps(Random random, List<string> ids, List<WindowEvent> events)
    {
        foreach (var batch in events.Concat(events.Where(_ => random.Next(3) == 0)).Chunk(5))
        {
            yield return () => Service.PostAsync("/v1/events", $"[{string.Join(',', batch.Select(e => e.Json()))}]");
            var (into, from) = (ids[random.Next(ids.Count)], ids[random.Next(ids.Count)]);
            if (random.Next(2) == 0)
                yield return () => PostAsync(into, from);
        }
    }

    private string PersonOf(string userId) => Service.Services.GetRequiredService<UserAliases>().PersonOf(userId);

    private async Task<string> PurposesAsync(string userId)
    {
        var purposes = (await Service.GetAsync($"/v1/users/{userId}/purposes")).Json;
        string[] names = ["profile", "explain", "similar", "train"];
        return string.Join(' ', names.Select(name => purposes.GetProperty(name).GetBoolean()));
    }

    private async Task<int> CountAsync<T>(Func<ProfileDbContext, IQueryable<T>> rows)
    {
        await using var db = await Contexts.CreateDbContextAsync(Token);
        return await rows(db).CountAsync(Token);
    }

    private sealed class AwayWindows : IAliasWindows
    {
        public Task<AliasWindow?> FindAsync(string userId, CancellationToken cancellationToken) => throw new TimeoutException();

        public Task<SeenItems?> FindSeenAsync(string userId, CancellationToken cancellationToken) => throw new TimeoutException();

        public Task<bool> AddSeenAsync(string userId, SeenItems seen, ErasureMark? mark, CancellationToken cancellationToken) =>
            throw new TimeoutException();

        public Task<bool> DropAsync(string userId, AliasWindow found, CancellationToken cancellationToken) => throw new TimeoutException();

        public Task DropUnreadableAsync(string userId, CancellationToken cancellationToken) => throw new TimeoutException();
    }
}
