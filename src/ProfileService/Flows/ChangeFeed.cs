using ProfileService.Platform;

namespace ProfileService.Flows;

/// <summary>Finds what comes after a cursor, and waits for it. While it waits, it holds neither a thread nor a connection to a store.</summary>
internal sealed class ChangeFeed(ChangeWatch watch, ChangeReader reader, ReadLimits limits, Drain drain, TimeProvider time)
{
    /// <summary>Whether the cursor cannot be of this record.</summary>
    public async Task<bool> IsUnknownAsync(ChangeCursor cursor, CancellationToken cancellationToken) =>
        (await watch.LookAsync(cancellationToken)).IsBefore(cursor);

    /// <summary>The next changes that are there now; an empty page if there are none.</summary>
    public async Task<ChangePage> ReadAsync(ChangeCursor after, FollowRequest request, CancellationToken cancellationToken)
    {
        var horizon = await watch.LookAsync(cancellationToken);
        return horizon.IsAfter(after) ? await ReadAsync(after, horizon, request, cancellationToken) : new ChangePage([], after);
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

    private async Task<ChangePage> ReadAsync(
        ChangeCursor after, ChangeHorizon horizon, FollowRequest request, CancellationToken cancellationToken)
    {
        using var lease = await limits.AcquireAsync(ReadCost.OfAQuery.Users, cancellationToken);
        return await reader.ReadAsync(after, horizon, request.Limit, request.Vectors != VectorForm.None, cancellationToken);
    }
}
