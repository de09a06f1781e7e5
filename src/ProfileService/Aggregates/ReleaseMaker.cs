using Microsoft.Extensions.Options;
using ProfileService.Items;

namespace ProfileService.Aggregates;

/// <summary>Makes the next release, if it is time, nobody else does, and the budget has room for it.</summary>
internal sealed class ReleaseMaker(
    ReleaseStore store,
    CountingScan scan,
    ReleaseMechanism mechanism,
    ItemCatalogue catalogue,
    IOptions<AggregateOptions> options,
    TimeProvider time)
{
    public async Task<ReleaseOutcome> MakeAsync(CancellationToken cancellationToken)
    {
        var settings = options.Value;
        var (last, spent) = await store.FindLastAsync(cancellationToken);
        if (last is not null && settings.Allow(last.EpsilonThousandths) && IsOfNow(last.MadeAt!.Value, settings.Every))
            return ReleaseOutcome.NotYet;
        if (settings.ExcessOf(spent) > 0)
            return ReleaseOutcome.BudgetIsSpent;
        return await store.TakeAsync((last?.Number ?? 0) + 1, cancellationToken) is { } lease
            ? await MakeAsync(lease, settings, cancellationToken)
            : ReleaseOutcome.NotYet;
    }

    // Clocks differ. A release that is ahead by the time between releases or more is of a wrong clock, and nobody waits for it.
    private bool IsOfNow(DateTime madeAt, TimeSpan every) => (time.GetUtcNow().UtcDateTime - madeAt).Duration() < every;

    /// <summary>No noise is drawn, and so nothing spent, before everything is counted.</summary>
    private async Task<ReleaseOutcome> MakeAsync(ReleaseLease lease, AggregateOptions settings, CancellationToken cancellationToken)
    {
        var counts = await scan.CountAsync(
            settings.MaxItemsPerUser,
            lease.TakenAt - settings.Recent,
            () => store.RenewAsync(lease, cancellationToken),
            cancellationToken);
        var released = mechanism.Release(counts, [.. catalogue.All], settings);
        return await store.PublishAsync(lease, released, cancellationToken) ? ReleaseOutcome.Made : ReleaseOutcome.NotYet;
    }
}

/// <summary>What became of an attempt to make a release.</summary>
internal enum ReleaseOutcome
{
    Made,

    /// <summary>The last one is not old enough, or another process makes the next.</summary>
    NotYet,

    BudgetIsSpent,
}
