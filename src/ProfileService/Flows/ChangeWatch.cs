using Microsoft.EntityFrameworkCore;
using ProfileService.Model;
using ProfileService.Platform;
using ProfileService.Storage;

namespace ProfileService.Flows;

/// <summary>
/// Asks the database how far the changes go. Whoever waits in this process shares the questions: up to ten a second while anybody waits,
/// and none while nobody does.
/// </summary>
internal sealed class ChangeWatch
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    private readonly IDbContextFactory<ProfileDbContext> _contexts;
    private readonly ModelRegistry _registry;
    private readonly TimeProvider _time;
    private readonly Coalesced<ChangeHorizon> _looks;
    private volatile Seen? _seen;

    public ChangeWatch(IDbContextFactory<ProfileDbContext> contexts, ModelRegistry registry, TimeProvider time)
    {
        (_contexts, _registry, _time) = (contexts, registry, time);
        _looks = new Coalesced<ChangeHorizon>(FindAsync);
    }

    /// <summary>How far the changes go now.</summary>
    public Task<ChangeHorizon> LookAsync(CancellationToken cancellationToken) => _looks.FindAsync().WaitAsync(cancellationToken);

    /// <summary>Waits until there is something after the cursor; null if there is nothing when the wait is over.</summary>
    /// <param name="isOver">Asked a few times a second.</param>
    public async Task<ChangeHorizon?> WaitAsync(ChangeCursor cursor, Func<bool> isOver, CancellationToken cancellationToken)
    {
        while (!isOver())
        {
            await Task.Delay(PollInterval, _time, cancellationToken);
            var horizon = _seen is { } seen && _time.GetElapsedTime(seen.At) < PollInterval
                ? seen.Horizon
                : await LookAsync(cancellationToken);
            if (horizon.IsAfter(cursor))
                return horizon;
        }

        return null;
    }

    private async Task<ChangeHorizon> FindAsync()
    {
        await using var db = await _contexts.CreateDbContextAsync();
        var (readable, given) = await db.FindChangeNumbersAsync(CancellationToken.None);
        var erasures = await db.ErasedUsers.MaxAsync(e => (long?)e.Sequence) ?? 0;
        var refusals = await db.Purposes.MaxAsync(p => (long?)p.Sequence) ?? 0;
        var aliases = await db.AliasSequences.MaxAsync(a => (long?)a.Last) ?? 0;
        var served = await db.ServedModel.AsNoTracking().Select(s => s.Model).SingleOrDefaultAsync(); // after the numbers of profiles
        var model = _registry.ActiveOf(ServedModel.StampOf(served));
        var horizon = new ChangeHorizon(readable, given, erasures, refusals, aliases, model);
        _seen = new Seen(horizon, _time.GetTimestamp());
        return horizon;
    }

    private sealed record Seen(ChangeHorizon Horizon, long At);
}
