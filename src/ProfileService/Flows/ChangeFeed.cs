using ProfileService.Platform;

namespace ProfileService.Flows;

/// <summary>
/// Finds what comes after a cursor, and waits for it. While it waits, it holds neither a thread nor a connection to a store.
/// </summary>
internal sealed class ChangeFeed(ChangeWatch watch, ChangeReader reader, ReadLimits limits, Drain drain, TimeProvider time)
{
    private static readonly TimeSpan WaitDuringDrain = TimeSpan.FromSeconds(1);

    /// <summary>The next changes that are there now; an empty page if there are none.</summary>
    public async Task<ChangePage> ReadAsync(
        ChangeCursor after, ChangeHorizon horizon, FollowRequest request, CancellationToken cancellationToken)
    {
        if (!horizon.IsAfter(after))
            return new ChangePage([], after);
        using var lease = await limits.AcquireAsync(ReadCost.Query.Users, cancellationToken);
        return await reader.ReadAsync(after, horizon, request.Limit, request.Vectors != VectorForm.None, cancellationToken);
    }

    /// <summary>
    /// Waits for the next changes; an empty page if none came in time. When the process is about to stop, whoever waits is answered at
    /// once. Whoever begins to wait after that waits a second, because clients ask again as soon as they are answered.
    /// </summary>
    public async Task<ChangePage> WaitAsync(
        ChangeCursor after, FollowRequest request, TimeSpan atMost, CancellationToken cancellationToken)
    {
        var (began, page) = (time.GetTimestamp(), new ChangePage([], after));
        var atStop = drain.HasBegun ? WaitDuringDrain : TimeSpan.Zero;
        while (page.Changes.Count == 0 && await watch.WaitAsync(page.Next, IsOver, cancellationToken) is { } horizon)
            page = await ReadAsync(page.Next, horizon, request, cancellationToken);
        return page;

        bool IsOver()
        {
            var waited = time.GetElapsedTime(began);
            return waited >= atMost || (drain.HasBegun && waited >= atStop);
        }
    }
}
