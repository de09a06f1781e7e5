using System.Diagnostics;
using ProfileService.Platform;
using ProfileService.Windows;

namespace ProfileService.Refresh;

/// <summary>A batch of the refresh as metrics and traces show it.</summary>
internal sealed class RefreshTrace(ProfileMetrics metrics, TimeProvider time, IReadOnlyList<Claim> claims) : IDisposable
{
    private const string Failed = "failed";

    private readonly Activity? _activity = ProfileMetrics.Activities.StartActivity("refresh")?.SetTag("users", claims.Count);
    private readonly long _started = time.GetTimestamp();

    /// <summary>These profiles are readable. The users of the other claims failed; they are tried again when their leases run out.</summary>
    public void End(IReadOnlyList<ComputedProfile> settled)
    {
        var now = time.GetUtcNow();
        foreach (var (claim, _) in settled)
            metrics.RecordFreshness(now - claim.DueSince);
        metrics.CountRefreshes(ProfileMetrics.Refreshed, settled.Count);
        metrics.CountRefreshes(Failed, claims.Count - settled.Count);
        metrics.RecordBatch(time.GetElapsedTime(_started), claims.Count);
    }

    /// <summary>A store failed.</summary>
    public void Fail()
    {
        metrics.CountRefreshes(Failed, claims.Count);
        _activity?.SetStatus(ActivityStatusCode.Error);
    }

    public void Dispose() => _activity?.Dispose();
}
