using Microsoft.Extensions.Options;
using ProfileService.Events;
using ProfileService.Intake;
using ProfileService.Platform;
using ProfileService.Windows;

namespace ProfileService.Kafka;

/// <summary>Parses and stores the events of messages by the rules and within the limits of <c>POST /v1/events</c>.</summary>
internal sealed class MessageIntake(
    JsonBodyReader json,
    EventIngest ingest,
    MessageFormat format,
    IngestLimits limits,
    IOptions<HostingOptions> hosting)
{
    /// <summary>Parts of a large batch that are stored side by side, as several requests are; a user's events are in one of them.</summary>
    private const int MaxAtOnce = 4;

    private const int EventsPerPart = 250; // from which on another one pays

    // As many as a summary has problems, so that none is missing.
    private const int MaxEvents = IngestSummary.MaxProblems;

    /// <summary>Stores the events that are not stored yet; after it returns, all of them survive a crash.</summary>
    /// <exception cref="OverloadedException">The process has as much to do as it takes on.</exception>
    public async Task StoreAsync(MessageBatch batch, CancellationToken cancellationToken)
    {
        using var held = new BufferedBody(limits);
        held.Grow(batch.Bytes);
        foreach (var message in batch.Messages)
            message.Events ??= Parse(message);
        // Those that an earlier try archived come first: a part has at most one place where they end.
        var waiting = batch.Messages.SelectMany(m => m.Events!).Where(e => !e.IsDone).OrderByDescending(e => e.IsArchived).ToList();
        await Task.WhenAll(Parts(waiting).Select(part => StoreAsync(part, cancellationToken)));
    }

    private List<TakenEvent> Parse(TakenMessage message)
    {
        var summary = new IngestSummary();
        try
        {
            var parsed = json.Parse(message.Source.Message.Value, format.IntakeOf(message.Source.Message), summary);
            if (summary.Rejected > 0)
                message.Refuse(summary.Problems[0], summary.Rejected);
            return [.. parsed.Parsed.Select((e, i) => new TakenEvent(message, parsed.IndexOf(i), e))];
        }
        catch (UnreadableBodyException e)
        {
            message.Refuse(new EntryProblem(0, e.Code, null, e.Message));
            return [];
        }
    }

    /// <summary>The events in parts, each a list of batches that are either archived or not.</summary>
    private List<List<TakenEvent>>[] Parts(List<TakenEvent> events)
    {
        var count = Math.Clamp(events.Count / EventsPerPart, 1, Math.Min(MaxAtOnce, hosting.Value.MaxIngests));
        var parts = new List<List<TakenEvent>>[count];
        for (var i = 0; i < count; i++)
            parts[i] = [];
        foreach (var e in events)
        {
            var part = parts[(uint)e.Event.UserId.GetHashCode(StringComparison.Ordinal) % (uint)count];
            if (part is not [.., var last] || last.Count == MaxEvents || last[0].IsArchived != e.IsArchived)
                part.Add(last = []);
            last.Add(e);
        }

        return parts;
    }

    private async Task StoreAsync(List<List<TakenEvent>> part, CancellationToken cancellationToken)
    {
        foreach (var events in part)
            await StoreAsync(events, cancellationToken);
    }

    private async Task StoreAsync(List<TakenEvent> events, CancellationToken cancellationToken)
    {
        var (batch, summary) = (new ParsedBatch<WindowEvent>(), new IngestSummary());
        var archived = new ArchiveState { IsDone = events[0].IsArchived };
        for (var i = 0; i < events.Count; i++)
            batch.Add(i, events[i].Event);
        try
        {
            await ingest.StoreAsync(batch, summary, userField: null, archived, cancellationToken); // some may be CloudEvents
        }
        finally
        {
            foreach (var problem in summary.Problems)
                events[(int)problem.Index].Refuse(problem);
            foreach (var e in events)
                e.IsArchived = archived.IsDone;
        }

        foreach (var e in events)
            e.Store();
    }
}
