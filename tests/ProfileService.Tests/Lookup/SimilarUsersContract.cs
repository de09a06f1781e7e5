using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ProfileService.Model;
using ProfileService.Profiles;
using ProfileService.Storage;

namespace ProfileService.Tests.Lookup;

/// <summary>What <c>/v1/users/{id}/similar</c> must answer however it is searched.</summary>
public abstract class SimilarUsersContract : IAsyncLifetime
{
    private const int Users = 400;
    private const int Dimension = 16;

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected TestService Service { get; private set; } = null!;

    private protected abstract string Search { get; }

    private ModelStamp Model => Service.Services.GetRequiredService<ModelSlot>().Current.Stamp;

    [Fact]
    public async Task TheMostSimilarComeFirstAndAreTheOnesThatComparingAllFinds()
    {
        var vectors = await FillAsync();
        var (asked, right) = (0, 0);
        foreach (var user in vectors.Keys.Where((_, i) => i % 20 == 0))
        {
            var reply = await SimilarAsync(user, 10);
            var expected = vectors.Where(v => v.Key != user).OrderByDescending(v => Dot(v.Value, vectors[user])).Take(10).Select(v => v.Key).ToList();
            var found = UsersOf(reply);
            Assert.Equal(10, found.Count);
            Assert.Equal(expected[0], found[0]);
            (asked, right) = (asked + 10, right + found.Intersect(expected).Count());
            Assert.All(reply.GetProperty("users").EnumerateArray(), u => Assert.Equal(Dot(vectors[u.GetProperty("userId").GetString()!], vectors[user]), u.GetProperty("similarity").GetDouble(), 1e-5));
            Assert.Equal(found.OrderByDescending(f => Dot(vectors[f], vectors[user])), found);
        }

        Assert.InRange((double)right / asked, Search == "exact" ? 1 : .97, 1);
    }

    [Fact]
    public async Task AsManyAreFoundAsAreAskedFor()
    {
        var vectors = await FillAsync();
        var found = UsersOf(await SimilarAsync("user-0001", 300)); // more than an index looks at where nobody tells it to
        Assert.Equal(300, found.Distinct().Count());
        Assert.DoesNotContain("user-0001", found);
        Assert.InRange(UsersOf(await SimilarAsync("user-0001", 1_000)).Count, Search == "exact" ? Users - 1 : (Users - 1) * .97, Users - 1);
    }

    [Fact]
    public async Task WhoseDataIsNotForThatIsPassedOver()
    {
        await FillAsync();
        var before = UsersOf(await SimilarAsync("user-0001", 50));
        var objecting = before.Take(30)
            .Select((user, i) => new { UserId = user, Profile = i % 2 == 0, Explain = true, Similar = i % 2 != 0, Train = true });
        Assert.Equal(200, (await Service.PostAsync("/v1/purposes", JsonSerializer.Serialize(objecting, JsonSerializerOptions.Web))).Status);
        Assert.Equal(before.Skip(30).Take(10), UsersOf(await SimilarAsync("user-0001", 10)));
    }

    [Fact]
    public async Task UsersOfAnItemAreThoseNearestToItsVector()
    {
        var vectors = await FillAsync();
        var items = Service.Services.GetRequiredService<ModelSlot>().Current.Items!.Vectors;
        var (asked, right) = (0, 0);
        foreach (var item in (string[])["yoga-003", "coffee-007", "running-001"])
        {
            var own = items.VectorOf(items.RowOf(item)!.Value).ToArray();
            var cosines = vectors.ToDictionary(v => v.Key, v => Dot(v.Value, own) / Math.Sqrt(Dot(own, own)));
            var expected = cosines.OrderByDescending(c => c.Value).Take(10).Select(c => c.Key).ToList();
            var reply = (await Service.GetAsync($"/v1/items/{item}/users?count=10")).Json;
            Assert.Equal(
                (item, "tiny/1", Search),
                (reply.GetProperty("itemId").GetString(), reply.GetProperty("model").GetString(), reply.GetProperty("search").GetString()));
            var found = UsersOf(reply);
            Assert.Equal(10, found.Count);
            Assert.Equal(expected[0], found[0]);
            (asked, right) = (asked + 10, right + found.Intersect(expected).Count());
            Assert.All(reply.GetProperty("users").EnumerateArray(), u =>
                Assert.Equal(cosines[u.GetProperty("userId").GetString()!], u.GetProperty("similarity").GetDouble(), 1e-5));
        }

        Assert.InRange((double)right / asked, Search == "exact" ? 1 : .9, 1);
    }

    [Fact]
    public async Task UsersOfAnItemAreThoseWhoAllowIt()
    {
        await FillAsync();
        var before = UsersOf((await Service.GetAsync("/v1/items/yoga-003/users?count=50")).Json);
        var objecting = before.Take(30)
            .Select((user, i) => new { UserId = user, Profile = i % 2 == 0, Explain = true, Similar = i % 2 != 0, Train = true });
        Assert.Equal(200, (await Service.PostAsync("/v1/purposes", JsonSerializer.Serialize(objecting, JsonSerializerOptions.Web))).Status);
        Assert.Equal(before.Skip(30).Take(10), UsersOf((await Service.GetAsync("/v1/items/yoga-003/users?count=10")).Json));
    }

    [Fact]
    public async Task VectorsOfTwoModelsAreNeverCompared()
    {
        var vectors = await FillAsync();
        var twin = vectors["user-0001"];
        await StoreAsync([Profile("by-another-model", twin, revision: 1, model: "tiny/0"), Profile("of-another-dimension", [.. twin, .. twin], revision: 1)]);
        await Eventually.IsTrueAsync(async () => { await StoreAsync([Profile("last", twin, revision: 1)]); return UsersOf(await SimilarAsync("user-0001", 1))[0] == "last"; });
        Assert.Empty(UsersOf(await SimilarAsync("user-0001", 1_000)).Intersect(["by-another-model", "of-another-dimension"]));
    }

    /// <summary>Of users whose profiles are of a former version of the service, and others who were refreshed since.</summary>
    [Fact]
    public async Task VectorsByTheModelsFormerDigestAreComparedWithTheOthers()
    {
        var vectors = await FillAsync();
        await using (var db = await Service.Services.GetRequiredService<IDbContextFactory<ProfileDbContext>>().CreateDbContextAsync(Token))
        {
            var former = Model.LegacyDigest!;
            Assert.Equal(200, await db.Profiles.Where(p => string.Compare(p.UserId, "user-0200") < 0)
                .ExecuteUpdateAsync(set => set.SetProperty(p => p.Digest, former), Token));
        }

        await FillAgainAsync();

        foreach (var user in (string[])["user-0001", "user-0301"])
        {
            var expected = vectors.Where(v => v.Key != user).OrderByDescending(v => Dot(v.Value, vectors[user])).Take(10).Select(v => v.Key).ToList();
            var found = UsersOf(await SimilarAsync(user, 10));
            Assert.InRange(found.Intersect(expected).Count(), Search == "exact" ? 10 : 8, 10);
        }
    }

    [Fact]
    public async Task RefreshedUserIsFoundWhereItIsNow()
    {
        var vectors = await FillAsync();
        await SimilarAsync("user-0001", 1);
        var user = vectors.Keys.MinBy(u => Dot(vectors[u], vectors["user-0001"]))!;
        await StoreAsync([Profile(user, vectors["user-0001"], revision: 9)]);
        await Eventually.IsTrueAsync(async () => UsersOf(await SimilarAsync("user-0001", 1))[0] == user);
        await StoreAsync([Profile(user, vectors[user], revision: 8)]); // who comes late changes nothing
        Assert.Equal(user, UsersOf(await SimilarAsync("user-0001", 1))[0]);
    }

    [Fact]
    public async Task VectorOfZerosIsLikeNobody()
    {
        await FillAsync();
        await StoreAsync([Profile("of-zeros", new float[Dimension], revision: 1)]);
        Assert.Empty(UsersOf(await SimilarAsync("of-zeros", 10)));
        Assert.DoesNotContain("of-zeros", UsersOf(await SimilarAsync("user-0001", 1_000)));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public async Task VectorThatIsNotFiniteIsLikeNobodyAndKeepsNoOtherFromBeingFound(float number)
    {
        var vectors = await FillAsync();
        var twin = vectors["user-0001"];
        await StoreAsync([Profile("user-0002", [number, .. twin[1..]], revision: 9), Profile("beside", twin, revision: 1)]);
        await Eventually.IsTrueAsync(async () => UsersOf(await SimilarAsync("user-0001", 1))[0] == "beside");
        Assert.NotEqual("user-0002", UsersOf(await SimilarAsync("user-0001", 2))[1]);
    }

    [Fact]
    public async Task BadCountIs400AndAnUnknownUser404()
    {
        await FillAsync();
        foreach (var count in (string[])["0", "1001", "-5", "x"])
            Assert.Contains("count", (await Service.GetAsync($"/v1/users/user-0001/similar?count={count}")).Problem(400).GetProperty("detail").GetString()!, StringComparison.Ordinal);
        (await Service.GetAsync("/v1/users/nobody/similar")).Problem(404);
    }

    public async ValueTask InitializeAsync() => Service = TestService.WithoutWorker(await SettingsAsync());

    public virtual ValueTask DisposeAsync()
    {
        Service?.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    private protected abstract Task<(string, string)[]> SettingsAsync();

    /// <summary>Waits until the service searches as this contract's heir says.</summary>
    private protected virtual Task ReadyAsync() => Task.CompletedTask;

    /// <summary>Has what is searched read anew from the profiles, where it was read before.</summary>
    private protected virtual Task FillAgainAsync() => Task.CompletedTask;

    private protected async Task<JsonElement> SimilarAsync(string user, int count)
    {
        var reply = await Service.GetAsync($"/v1/users/{user}/similar?count={count}");
        Assert.True(reply.Status == 200, System.Text.Encoding.UTF8.GetString(reply.Body));
        Assert.Equal((user, "tiny/1", Search), (reply.Json.GetProperty("userId").GetString(), reply.Json.GetProperty("model").GetString(), reply.Json.GetProperty("search").GetString()));
        return reply.Json;
    }

    private protected static IReadOnlyList<string> UsersOf(JsonElement reply) => [.. reply.GetProperty("users").EnumerateArray().Select(u => u.GetProperty("userId").GetString()!)];

    /// <summary>Stores profiles of random vectors; returns the vectors.</summary>
    private protected async Task<IReadOnlyDictionary<string, float[]>> FillAsync()
    {
        var random = new Random(3);
        var vectors = Enumerable.Range(0, Users).ToDictionary(u => $"user-{u:D4}", _ => Unit(random));
        await StoreAsync([.. vectors.Select(v => Profile(v.Key, v.Value, revision: 2))]);
        await ReadyAsync();
        return vectors;
    }

    private protected Task StoreAsync(IReadOnlyList<Profile> profiles) => Service.Services.GetRequiredService<ProfileStore>().StoreAsync(profiles, Token);

    private protected Profile Profile(string user, float[] vector, long revision, string? model = null, DateTime? computedAt = null) => new()
    {
        UserId = user,
        Model = model ?? Model.Id,
        Digest = Model.Digest,
        Revision = revision,
        EventCount = 1,
        EventsThrough = TestEvents.Start.UtcDateTime,
        ComputedAt = computedAt ?? TimeProvider.System.GetUtcNow().UtcDateTime,
        Vector = VectorBytes.From(vector),
    };

    private static float[] Unit(Random random)
    {
        var vector = Enumerable.Range(0, Dimension).Select(_ => random.NextSingle() - 0.5f).ToArray();
        var length = (float)Math.Sqrt(Dot(vector, vector));
        return [.. vector.Select(x => x / length)];
    }

    private static double Dot(float[] x, float[] y) => x.Zip(y).Sum(p => (double)p.First * p.Second);
}
