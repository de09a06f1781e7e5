using System.Diagnostics;
using ProfileService.Platform;

namespace ProfileService.Refresh;

/// <summary>Records a batch of the refresh in metrics and traces.</summary>
/// <param name="claimed">Number of users that were claimed, also those that are not to be refreshed.</param>
internal sealed class RefreshTrace(ProfileMetrics metrics, TimeProvider time, int claimed) : IDisposable
{
    private const string Failed = "failed";

    private readonly Activity? _activity = ProfileMetrics.Activities.StartActivity("refresh")?.SetTag("users", claimed);
    private readonly long _started = time.GetTimestamp();

    /// <summary>Records the profiles that were stored. The others failed; their users are retried when the leases end.</summary>
    /// <param name="users">How many users were to be refreshed.</param>
    public void End(IReadOnlyList<ComputedProfile> settled, int users)
    {
        var now = time.GetUtcNow();
        foreach (var (claim, _) in settled)
            metrics.RecordFreshness(now - claim.DueSince);
        metrics.CountRefreshes(ProfileMetrics.Refreshed, settled.Count);
        metrics.CountRefreshes(Failed, users - settled.Count);
        metrics.RecordBatch(time.GetElapsedTime(_started), users);
    }

    /// <summary>Records that a store failed, and with it the whole batch.</summary>
    public void Fail(int users)
    {
        metrics.CountRefreshes(Failed, users);
        _activity?.SetStatus(ActivityStatusCode.Error);
    }

    public void Dispose() => _activity?.Dispose();
}
