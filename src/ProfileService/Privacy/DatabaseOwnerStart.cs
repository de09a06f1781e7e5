using Microsoft.Extensions.Options;
using ProfileService.Platform;

namespace ProfileService.Privacy;

/// <summary>Has the database in Postgres for this process alone before anything is stored (<see cref="DatabaseOwner"/>).</summary>
internal sealed partial class DatabaseOwnerStart(DatabaseOwner owner, TimeProvider time, ILogger<DatabaseOwnerStart> logger)
    : IHostedService
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    /// <summary>Waits until the record of a process that died is too old. A running process renews its record in the meantime.</summary>
    /// <exception cref="OptionsValidationException">Another process is running.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var first = await owner.TakeAsync(0, cancellationToken);
        if (first is not null)
            LogWaiting(ErasureWatch.LongestSilence, DatabaseOwner.Advice(first));
        for (var other = first; other is not null; other = await owner.TakeAsync(0, cancellationToken))
        {
            if (other.Process != first!.Process || other.SeenAt > first.SeenAt)
                throw new OptionsValidationException("ConnectionStrings", typeof(ConnectionOptions), [DatabaseOwner.Advice(other)]);
            await Task.Delay(PollInterval, time, cancellationToken);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(Level = LogLevel.Warning, Message = "Waiting up to {Span} in case that process has died. {Advice}")]
    private partial void LogWaiting(TimeSpan span, string advice);
}
