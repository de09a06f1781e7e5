using System.Diagnostics;
using ProfileService.Platform;
using ProfileService.Windows;

namespace ProfileService.Refresh;

/// <summary>Records a batch of the refresh in metrics and traces.</summary>
internal sealed class RefreshTrace(ProfileMetrics metrics, TimeProvider time, IReadOnlyList<Claim> claims) : IDisposable
{
    private const string Failed = "failed";

    private readonly Activity? _activity = ProfileMetrics.Activities.StartActivity("refresh")?.SetTag("users", claims.Count);
    private readonly long _started = time.GetTimestamp();

    /// <summary>Records the profiles that were stored. The other claims failed; their users are retried when the leases end.</summary>
    public void End(IReadOnlyList<ComputedProfile> settled)
    {
        var now = time.GetUtcNow();
        foreach (var (claim, _) in settled)
            metrics.RecordFreshness(now - claim.DueSince);
        metrics.CountRefreshes(ProfileMetrics.Refreshed, settled.Count);
        metrics.CountRefreshes(Failed, claims.Count - settled.Count);
        metrics.RecordBatch(time.GetElapsedTime(_started), claims.Count);
    }

    /// <summary>Records that a store failed, and with it the whole batch.</summary>
    public void Fail()
    {
        metrics.CountRefreshes(Failed, claims.Count);
        _activity?.SetStatus(ActivityStatusCode.Error);
    }

    public void Dispose() => _activity?.Dispose();
}
