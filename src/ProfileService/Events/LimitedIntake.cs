using System.Text.Json;
using ProfileService.Auth;
using ProfileService.Intake;
using ProfileService.Windows;

namespace ProfileService.Events;

/// <summary>Counts a caller's events before they are stored. A stream waits for its turn; a JSON body is refused as a whole.</summary>
internal sealed class LimitedIntake(
    IIntake<WindowEvent> intake, RateLimits limits, CallerRates caller, bool waits, TimeProvider time)
    : IIntake<WindowEvent>
{
    public string Noun => intake.Noun;

    public WindowEvent? Parse(ref Utf8JsonReader json, long index, UnknownFields unknown, out EntryProblem? problem) =>
        intake.Parse(ref json, index, unknown, out problem);

    /// <exception cref="TooManyEventsException">The caller has had its events of this second.</exception>
    public async Task StoreAsync(ParsedBatch<WindowEvent> batch, IngestSummary summary, CancellationToken cancellationToken)
    {
        while (await limits.TakeEventsAsync(caller, batch.Count, cancellationToken) is { } wait)
        {
            if (!waits)
                throw new TooManyEventsException(wait, caller.Events);
            await Task.Delay(wait, time, cancellationToken);
        }

        await intake.StoreAsync(batch, summary, cancellationToken);
    }
}

/// <summary>A caller posted more events than it may.</summary>
/// <param name="wait">After which it may try again.</param>
/// <param name="perSecond">How many it may post a second.</param>
internal sealed class TooManyEventsException(TimeSpan wait, int perSecond) : Exception
{
    public TimeSpan Wait => wait;

    public int PerSecond => perSecond;
}
