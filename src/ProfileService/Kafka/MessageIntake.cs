using Confluent.Kafka;
using Microsoft.Extensions.Options;
using ProfileService.Events;
using ProfileService.Intake;
using ProfileService.Platform;
using ProfileService.Purposes;
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

    private const int EventsOfAPart = 250; // from which on another one pays

    // As many as a summary has problems, so that none is missing.
    private const int MaxEvents = IngestSummary.MaxProblems;

    /// <summary>Stores the events; after it returns, they survive a crash.</summary>
    /// <exception cref="OverloadedException">The process has as much to do as it takes on.</exception>
    public async Task<BatchOutcome> StoreAsync(MessageBatch batch, CancellationToken cancellationToken)
    {
        using var held = new BufferedBody(limits);
        held.Grow(batch.Bytes);
        var refused = new SortedDictionary<int, RefusedMessage>();
        var events = new List<(int Message, WindowEvent Event)>(batch.Messages.Count);
        for (var i = 0; i < batch.Messages.Count; i++)
            events.AddRange(Parse(batch.Messages[i], i, refused).Select(e => (i, e)));

        var summaries = await Task.WhenAll(Parts(events).Select(part => StoreAsync(part, cancellationToken)));
        var notAllowed = 0L;
        foreach (var problem in summaries.SelectMany(part => part).SelectMany(summary => summary.Problems))
        {
            if (problem.Code == ProfileRefusal.Code)
                notAllowed++;
            else
                Add(problem, batch, refused);
        }

        return new BatchOutcome([.. refused.Values], notAllowed + refused.Values.Sum(r => r.Count));
    }

    private IReadOnlyList<WindowEvent> Parse(
        ConsumeResult<byte[]?, byte[]?> message, int index, SortedDictionary<int, RefusedMessage> refused)
    {
        var summary = new IngestSummary();
        try
        {
            var parsed = json.Parse(message.Message.Value, format.IntakeOf(message.Message), summary).Parsed;
            if (summary.Rejected > 0)
                refused[index] = new RefusedMessage(message, summary.Problems[0], summary.Rejected);
            return parsed;
        }
        catch (UnreadableBodyException e)
        {
            refused[index] = new RefusedMessage(message, new EntryProblem(0, e.Code, null, e.Message), 1);
            return [];
        }
    }

    private List<ParsedBatch<WindowEvent>>[] Parts(List<(int Message, WindowEvent Event)> events)
    {
        var count = Math.Clamp(events.Count / EventsOfAPart, 1, Math.Min(MaxAtOnce, hosting.Value.MaxIngests));
        var parts = new List<ParsedBatch<WindowEvent>>[count];
        for (var i = 0; i < count; i++)
            parts[i] = [new ParsedBatch<WindowEvent>()];
        foreach (var (message, e) in events)
        {
            var part = parts[(uint)e.UserId.GetHashCode(StringComparison.Ordinal) % (uint)count];
            if (part[^1].Count == MaxEvents)
                part.Add(new ParsedBatch<WindowEvent>());
            part[^1].Add(message, e);
        }

        return parts;
    }

    private async Task<IReadOnlyList<IngestSummary>> StoreAsync(
        List<ParsedBatch<WindowEvent>> part, CancellationToken cancellationToken)
    {
        var summaries = new List<IngestSummary>(part.Count);
        foreach (var batch in part)
        {
            summaries.Add(new IngestSummary());
            await ingest.StoreAsync(batch, summaries[^1], cancellationToken);
        }

        return summaries;
    }

    private static void Add(EntryProblem problem, MessageBatch batch, SortedDictionary<int, RefusedMessage> refused)
    {
        var index = (int)problem.Index;
        refused[index] = refused.TryGetValue(index, out var before)
            ? before with { Count = before.Count + 1 }
            : new RefusedMessage(batch.Messages[index], problem with { Index = 0 }, 1);
    }
}
