using ProfileService.Platform;

namespace ProfileService.Flows;

/// <summary>
/// Finds what comes after a cursor, and waits for it. While it waits, it holds neither a thread nor a connection to a store.
/// </summary>
internal sealed class ChangeFeed(ChangeWatch watch, ChangeReader reader, ReadLimits limits, Drain drain, TimeProvider time)
{
    /// <summary>The next changes that are there now; an empty page if there are none.</summary>
    public async Task<ChangePage> ReadAsync(
        ChangeCursor after, ChangeHorizon horizon, FollowRequest request, CancellationToken cancellationToken)
    {
        if (!horizon.IsAfter(after))
            return new ChangePage([], after);
        using var lease = await limits.AcquireAsync(ReadCost.OfAQuery.Users, cancellationToken);
        return await reader.ReadAsync(after, horizon, request.Limit, request.Vectors != VectorForm.None, cancellationToken);
    }

    /// <summary>Waits for the next changes; an empty page if none came in time, or if the process is about to stop.</summary>
    public async Task<ChangePage> WaitAsync(
        ChangeCursor after, FollowRequest request, TimeSpan atMost, CancellationToken cancellationToken)
    {
        var (began, page) = (time.GetTimestamp(), new ChangePage([], after));
        while (page.Changes.Count == 0 && await watch.WaitAsync(page.Next, IsOver, cancellationToken) is { } horizon)
            page = await ReadAsync(page.Next, horizon, request, cancellationToken);
        return page;

        bool IsOver() => drain.HasBegun || time.GetElapsedTime(began) >= atMost;
    }
}
