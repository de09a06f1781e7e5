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
    private const int OfARound = 5; // each round has one failover

    private readonly ErasureSchedules _schedules = new(service, mayFail: true);
    private readonly IErasureMarks _marks = service.Services.GetRequiredService<IErasureMarks>();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>What befalls the primary.</summary>
    private enum Fault
    {
        /// <summary>It dies when all are gone by it, most of them after the replica was cut off.</summary>
        DiesAfterwards,

        /// <summary>It dies amid erasures, after the replica was cut off.</summary>
        DiesMeanwhile,

        /// <summary>It dies amid erasures, and comes back.</summary>
        Restarts,
    }

    /// <summary>Runs at least so many schedules, until something came back; returns that, one line for each.</summary>
    public async Task<IReadOnlyList<string>> RunAsync(int first, int count)
    {
        List<string> found = [];
        for (var (seed, round) = (first, 0); found.Count == 0 && seed < first + count; seed += OfARound, round++)
        {
            var fault = (Fault)(round % Enum.GetValues<Fault>().Length);
            found.AddRange((await RunRoundAsync(seed, fault)).Select(what => $"round {seed}, {fault}: {what}"));
        }

        return found;
    }

    private async Task<IReadOnlyList<string>> RunRoundAsync(int first, Fault fault)
    {
        var users = await Task.WhenAll(Enumerable.Range(first, OfARound).Select(_schedules.FillAsync));
        var replicated = new Random(first).Next(OfARound);
        await Task.WhenAll(users[..replicated].Select(EraseAsync));
        await FailOverAsync(users[replicated..], fault);
        var left = await LeftAsync(users);
        var returned = await Task.WhenAll(users.Select(_schedules.ReplayAsync));
        await pair.FollowAsync();
        return [.. left, .. returned.SelectMany(what => what)];
    }

    private async Task FailOverAsync(DrawnUser[] users, Fault fault)
    {
        var parting = fault == Fault.Restarts ? Task.CompletedTask : pair.PartAsync();
        var erasures = Task.WhenAll(users.Select(EraseAsync));
        await parting;
        if (fault == Fault.DiesAfterwards)
            await erasures;
        await (fault == Fault.Restarts ? pair.RestartAsync() : pair.FailOverAsync());
        await erasures;
    }

    private async Task EraseAsync(DrawnUser user) => await _schedules.GoneAsync(await _schedules.MeddleAsync(user));

    /// <summary>Waits until each user is erased in the Redis that serves now; returns who is not.</summary>
    private async Task<IReadOnlyList<string>> LeftAsync(DrawnUser[] users)
    {
        var left = users.ToList();
        var isClear = await Eventually.ComesTrueAsync(async () =>
        {
            while (left.Count > 0 && await IsErasedAsync(left[^1].Id))
                left.RemoveAt(left.Count - 1);
            return left.Count == 0;
        }, Eventually.Bound);
        return isClear ? [] : [$"{left.Count} users are not erased again"];
    }

    private async Task<bool> IsErasedAsync(string user)
    {
        try
        {
            return await _marks.FindAsync(user, Token) is not null && (await _schedules.FindAsync(user, 0)).Count == 0;
        }
        catch (Exception e) when (StoreFailure.Is(e)) // until the service has found the new primary
        {
            return false;
        }
    }
}
