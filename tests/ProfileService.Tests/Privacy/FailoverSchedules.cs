using Microsoft.Extensions.DependencyInjection;
using ProfileService.Platform;
using ProfileService.TestServers.Faults;
using ProfileService.Windows;

namespace ProfileService.Tests.Privacy;

/// <summary>
/// Schedules in the midst of which Redis fails over: the replica takes the primary's place without what it was not sent, or the primary
/// comes back with what its file has. The service sets lost marks again and erases what came back, by itself.
/// </summary>
internal sealed class FailoverSchedules(TestService service, RedisPair pair)
{
    private const int OfARound = 10; // each round has one failover

    private readonly ErasureSchedules _schedules = new(service, mayFail: true);
    private readonly IWindowEraser _marks = service.Services.GetRequiredService<IWindowEraser>();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Runs at least so many schedules; returns what came back, one line for each.</summary>
    public async Task<IReadOnlyList<string>> RunAsync(int first, int count)
    {
        var found = new List<string>();
        for (var seed = first; seed < first + count; seed += OfARound)
            found.AddRange((await RunRoundAsync(seed)).Select(what => $"round {seed}: {what}"));
        return found;
    }

    private async Task<IReadOnlyList<string>> RunRoundAsync(int first)
    {
        var random = new Random(first);
        var users = await Task.WhenAll(Enumerable.Range(first, OfARound).Select(_schedules.FillAsync));
        var erasures = users.Select(EraseAsync).ToArray();
        await FailOverAsync(random, erasures);
        await Task.WhenAll(erasures);
        var left = await LeftAsync(users);
        var returned = await Task.WhenAll(users.Select(_schedules.ReplayAsync));
        await pair.FollowAsync();
        return [.. left, .. returned.SelectMany(what => what)];
    }

    private async Task EraseAsync(DrawnUser user) => await _schedules.GoneAsync(await _schedules.MeddleAsync(user));

    /// <summary>The moment is drawn: when so many users of the round are gone; what happens afterwards is lost, for some rounds all of it.</summary>
    private async Task FailOverAsync(Random random, Task[] erasures)
    {
        var gone = random.Next(OfARound);
        await Eventually.IsTrueAsync(() => Task.FromResult(erasures.Count(e => e.IsCompleted) >= gone));
        if (random.Next(4) == 0)
        {
            await pair.RestartAsync();
            return;
        }

        await pair.PartAsync();
        if (random.Next(3) > 0)
            await Task.WhenAll(erasures);
        await pair.FailOverAsync();
    }

    /// <summary>Waits until each user is erased in the Redis that serves now; returns who is not.</summary>
    private async Task<IReadOnlyList<string>> LeftAsync(DrawnUser[] users)
    {
        var left = users.ToList();
        var isClear = await Eventually.IsTrueAsync(async () =>
        {
            while (left.Count > 0 && await IsErasedAsync(left[^1].Id))
                left.RemoveAt(left.Count - 1);
            return left.Count == 0;
        }, TimeSpan.FromMinutes(3));
        return isClear ? [] : [$"{left.Count} users are not erased again"];
    }

    private async Task<bool> IsErasedAsync(string user)
    {
        try
        {
            return await _marks.FindMarkAsync(user, Token) is not null && (await _schedules.FindAsync(user, 0)).Count == 0;
        }
        catch (Exception e) when (StoreFailure.Is(e)) // until the service has found the new primary
        {
            return false;
        }
    }
}
