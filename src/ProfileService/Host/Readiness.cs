using System.Collections.Frozen;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using ProfileService.Platform;

namespace ProfileService.Host;

/// <summary>
/// Whether an event posted now would be accepted with 202. The checks run at most once a second; concurrent callers share the result. While
/// a slow store delays the checks, the previous result is returned for up to 3 s, so that probes are not delayed. Logs each change once.
/// </summary>
internal sealed partial class Readiness(
    HealthCheckService checks, Listening listening, Drain drain, TimeProvider time, ILogger<Readiness> logger)
{
    private static readonly TimeSpan KeepFor = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ShortWait = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan LongestUse = TimeSpan.FromSeconds(3); // of the previous result while the checks run
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(4);

    private static readonly HealthReport Starting = Unhealthy("starting", "The service is starting; requests are not served yet.");
    private static readonly HealthReport Stopping = Unhealthy("stopping", "The service is about to stop; requests are still served.");
    private static readonly HealthReport TimedOut =
        Unhealthy("checks", "The checks did not end in time: a store does not respond, or the machine is overloaded.");

    private readonly Lock _lock = new();
    private Task<HealthReport>? _latest;
    private long _asked;
    private volatile Outcome? _outcome;
    private FrozenDictionary<string, HealthStatus> _logged = FrozenDictionary<string, HealthStatus>.Empty;

    public async Task<HealthReport> ReadAsync(CancellationToken cancellationToken)
    {
        if (drain.HasBegun)
            return Stopping;
        if (!listening.HasBegun)
            return Starting;
        var latest = Latest();
        return await WithinAsync(latest, ShortWait, cancellationToken)
            ?? (_outcome is { } before && time.GetElapsedTime(before.At) < LongestUse ? before.Report : null)
            ?? await WithinAsync(latest, LongestWait, cancellationToken)
            ?? TimedOut;
    }

    private async Task<HealthReport?> WithinAsync(Task<HealthReport> report, TimeSpan wait, CancellationToken cancellationToken)
    {
        try
        {
            return await report.WaitAsync(wait, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    private Task<HealthReport> Latest()
    {
        lock (_lock)
        {
            if (_latest is null || (_latest.IsCompleted && time.GetElapsedTime(_asked) >= KeepFor))
                (_latest, _asked) = (Task.Run(CheckAsync), time.GetTimestamp());
            return _latest;
        }
    }

    private async Task<HealthReport> CheckAsync()
    {
        var report = await checks.CheckHealthAsync(check => check.Tags.Contains(HealthTag.Ready));
        foreach (var (name, entry) in report.Entries)
        {
            if (entry.Status == _logged.GetValueOrDefault(name, HealthStatus.Healthy))
                continue;
            if (entry.Status == HealthStatus.Healthy)
                LogHealthy(name);
            else
                LogUnhealthy(name, entry.Status, entry.Description);
        }

        _logged = report.Entries.ToFrozenDictionary(e => e.Key, e => e.Value.Status);
        _outcome = new Outcome(report, time.GetTimestamp());
        return report;
    }

    private static HealthReport Unhealthy(string check, string description) =>
        new(new Dictionary<string, HealthReportEntry>
        {
            [check] = new(HealthStatus.Unhealthy, description, TimeSpan.Zero, null, null),
        }, TimeSpan.Zero);

    private sealed record Outcome(HealthReport Report, long At);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Health check {Check} is {Status}. {Description}")]
    private partial void LogUnhealthy(string check, HealthStatus status, string? description);

    [LoggerMessage(Level = LogLevel.Information, Message = "Health check {Check} is Healthy again")]
    private partial void LogHealthy(string check);
}
