using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ProfileService.Model;
using ProfileService.Platform;
using ProfileService.Privacy;
using ProfileService.Profiles;
using ProfileService.Refresh;
using ProfileService.Storage;
using ProfileService.Windows;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Privacy;

/// <summary>
/// Schedules drawn from seeds: some hands at once append, send again, claim, refresh, look up, fill caches and mark for a new model, and one
/// erases in the middle of it. Then everything is sent again, a later event is sent, and nothing from before may be anywhere.
/// </summary>
/// <param name="mayFail">Whether a store may be away while the hands work; what fails then has not happened, or has.</param>
internal sealed class ErasureSchedules(TestService service, bool mayFail = false)
{
    private const string Before = "before";
    private const string After = "after";
    private const int AtOnce = 24;

    private readonly ProfileStore _profiles = service.Services.GetRequiredService<ProfileStore>();
    private readonly ProfileRefresher _refresher = service.Services.GetRequiredService<ProfileRefresher>();
    private readonly IWindowStore _windows = service.Services.GetRequiredService<IWindowStore>();
    private readonly IDueQueue _queue = service.Services.GetRequiredService<IDueQueue>();
    private readonly Erasures _erasures = service.Services.GetRequiredService<Erasures>();
    private readonly IDbContextFactory<ProfileDbContext> _contexts = service.Services.GetRequiredService<IDbContextFactory<ProfileDbContext>>();
    private readonly ModelStamp _model = service.Services.GetRequiredService<ModelRegistry>().Active;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>How many: of <c>ERASURE_SCHEDULES</c>, or so many.</summary>
    public static int Count(int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable("ERASURE_SCHEDULES"), out var count) ? count : usual;

    /// <summary>Runs schedules, some side by side; returns what came back, one line for each.</summary>
    public async Task<IReadOnlyList<string>> RunAsync(int first, int count)
    {
        var found = new List<string>();
        await Parallel.ForEachAsync(Enumerable.Range(first, count), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = Token }, async (seed, _) =>
        {
            var returned = await RunAsync(seed);
            lock (found)
                found.AddRange(returned.Select(what => $"seed {seed}: {what}"));
        });
        return found;
    }

    private async Task<IReadOnlyList<string>> RunAsync(int seed)
    {
        var user = await FillAsync(seed);
        await GoneAsync(await MeddleAsync(user));
        var returned = await FindAsync(user.Id, 0);
        return [.. returned, .. await ReplayAsync(user)];
    }

    /// <summary>Draws a user, of whom there is something then.</summary>
    public async Task<DrawnUser> FillAsync(int seed)
    {
        var (random, id) = (new Random(seed), $"schedule-{seed}-{Guid.NewGuid():N}");
        var now = EventTime.FromUtc(TimeProvider.System.GetUtcNow().UtcDateTime);
        WindowEvent[] old = [.. Enumerable.Range(0, 1 + random.Next(30)).Select(i => Event(user: id, item: Before, id: random.Next(2) == 0 ? $"e{i}" : null) with { Timestamp = now - (1_000_000L * (1 + random.Next(900))) })];
        await PostAsync(old[..random.Next(old.Length)], mayFail);
        if (random.Next(2) == 0)
            await service.PutAsync($"/v1/users/{id}/attributes", """{ "age": 34 }""");
        if (random.Next(2) == 0)
            await service.FreshAsync(id);
        return new DrawnUser(id, old, random);
    }

    /// <summary>Four hands and one that erases; returns the receipt when all have ended.</summary>
    public async Task<string> MeddleAsync(DrawnUser user)
    {
        var receipt = "";
        var hands = Enumerable.Range(0, 4).Select(_ => HandAsync(new Random(user.Random.Next()), user.Id, user.Old)).ToList();
        hands.Add(Task.Run(async () =>
        {
            for (var wait = user.Random.Next(40); wait > 0; wait--)
                await Task.Yield();
            receipt = (await _erasures.RequestAsync([user.Id], Token)).Receipt;
        }, Token));
        await Task.WhenAll(hands);
        return receipt;
    }

    public Task GoneAsync(string receipt) =>
        Eventually.IsTrueAsync(async () => (await _erasures.FindAsync(receipt, Token))!.GoneAt is not null);

    /// <summary>Sends everything again and something new; returns what came back by it.</summary>
    public async Task<IReadOnlyList<string>> ReplayAsync(DrawnUser user)
    {
        await PostAsync(user.Old);
        await (user.Random.Next(20) == 0 ? _queue.MarkAllDueAsync(Token) : _queue.MarkDueAsync([user.Id], Token)); // as for a new model
        var late = Event(user: user.Id, item: After) with { Timestamp = EventTime.FromUtc(TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(1)) };
        await PostAsync([late]);
        await service.FreshAsync(user.Id);
        return [.. (await FindAsync(user.Id, 1)).Select(what => $"after a replay, {what}")];
    }

    /// <summary>Does some of what the service does with a user, one thing after the other.</summary>
    private async Task HandAsync(Random random, string user, WindowEvent[] old)
    {
        for (var step = 0; step < 6; step++)
        {
            try
            {
                await StepAsync(random, user, old);
            }
            catch (Exception e) when (mayFail && StoreFailure.Is(e))
            {
            }
        }
    }

    private async Task StepAsync(Random random, string user, WindowEvent[] old)
    {
        switch (random.Next(8))
        {
            case 0 or 1: await PostAsync([old[random.Next(old.Length)]], mayFail); break;
            case 2: await PostAsync(old, mayFail); break;
            case 3: await _refresher.RefreshAsync(await _refresher.ClaimDueAsync(Token)); break;
            case 4: await service.FreshAsync(user); break;
            case 5: await service.GetAsync($"/v1/users/{user}/similar"); break;
            case 6: await _profiles.FindAsync(user, _model, Token); break; // fills the cache
            default: await _queue.MarkDueAsync([user], Token); break;
        }
    }

    private async Task PostAsync(IReadOnlyList<WindowEvent> events, bool mayBeRefused = false)
    {
        if (events.Count == 0)
            return;
        var status = 503; // also where too many wait on a busy machine
        await Eventually.IsTrueAsync(async () =>
        {
            status = (await service.PostAsync("/v1/events", $"[{string.Join(',', events.Select(e => e.Json()))}]")).Status;
            return status != 503 || mayBeRefused;
        });
        Assert.Contains(status, (int[])[202, 503]);
    }

    /// <summary>What there is of the user that should not be.</summary>
    /// <param name="events">Number of later events.</param>
    public async Task<IReadOnlyList<string>> FindAsync(string user, int events)
    {
        var found = new List<string>();
        var window = await _windows.FindAsync(user, Token);
        if (window?.Window.Events.Any(e => e.ItemId == Before) == true || window?.Window.Events.Count != (events == 0 ? null : events))
            found.Add("an event in the window");
        await using var db = await _contexts.CreateDbContextAsync(Token);
        if (await db.Profiles.AnyAsync(p => p.UserId == user && p.EventCount != events || p.UserId == user && events == 0, Token))
            found.Add("a profile in the database");
        if (await db.Attributes.AnyAsync(a => a.UserId == user, Token))
            found.Add("attributes");
        if (await db.PendingErasures.AnyAsync(p => p.UserId == user, Token))
            found.Add("a pending erasure");
        var profile = await service.GetAsync($"/v1/users/{user}/profile");
        if (events == 0 ? profile.Status != 404 : profile.Status != 200 || profile.Json.GetProperty("eventCount").GetInt32() != events)
            found.Add($"a profile that is answered ({profile.Status} {System.Text.Encoding.UTF8.GetString(profile.Body)})");
        if ((await _profiles.FindAsync(user, _model, Token)) is { } cached && (events == 0 || cached.EventCount != events))
            found.Add("a cached profile");
        if (db.Database.IsNpgsql() && await db.Database.SqlQuery<int>($"SELECT count(*)::int AS \"Value\" FROM events WHERE user_id = {user} AND item_id = {Before}").SingleAsync(Token) > 0)
            found.Add("an archived event");
        return found;
    }
}

/// <summary>A user of a schedule, the events from before, and what draws the rest.</summary>
internal sealed record DrawnUser(string Id, WindowEvent[] Old, Random Random);
