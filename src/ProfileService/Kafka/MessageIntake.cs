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

    private const int EventsPerPart = 250; // from which on another one pays

    // As many as a summary has problems, so that none is missing.
    private const int MaxEvents = IngestSummary.MaxProblems;

    /// <summary>Stores the events; after it returns, they survive a crash.</summary>
    /// <exception cref="OverloadedException">The process has as much to do as it takes on.</exception>
    public async Task<BatchOutcome> StoreAsync(MessageBatch batch, CancellationToken cancellationToken)
    {
        using var held = new BufferedBody(limits);
        held.Grow(batch.Bytes);
        var refused = new SortedDictionary<int, RefusedMessage>();
        var events = new List<MessageEvent>(batch.Messages.Count);
        for (var i = 0; i < batch.Messages.Count; i++)
            Parse(batch.Messages[i], i, events, refused);

        var summaries = await Task.WhenAll(Parts(events).Select(part => StoreAsync(part, cancellationToken)));
        var notAllowed = 0L;
        foreach (var problem in summaries.SelectMany(part => part).SelectMany(summary => summary.Problems))
        {
            if (problem.Code == ProfileRefusal.Code)
                notAllowed++;
            else
                Add(problem, events[(int)problem.Index], batch, refused);
        }

        return new BatchOutcome([.. refused.Values], notAllowed + refused.Values.Sum(r => r.Count));
    }

    private void Parse(
        ConsumeResult<byte[]?, byte[]?> message, int index, List<MessageEvent> events, SortedDictionary<int, RefusedMessage> refused)
    {
        var summary = new IngestSummary();
        try
        {
            var parsed = json.Parse(message.Message.Value, format.IntakeOf(message.Message), summary);
            if (summary.Rejected > 0)
                refused[index] = new RefusedMessage(message, summary.Problems[0], summary.Rejected);
            events.AddRange(parsed.Parsed.Select((e, i) => new MessageEvent(index, parsed.IndexOf(i), e)));
        }
        catch (UnreadableBodyException e)
        {
            refused[index] = new RefusedMessage(message, new EntryProblem(0, e.Code, null, e.Message), 1);
        }
    }

    /// <summary>The events in parts, each with its index in the list.</summary>
    private List<ParsedBatch<WindowEvent>>[] Parts(List<MessageEvent> events)
    {
        var count = Math.Clamp(events.Count / EventsPerPart, 1, Math.Min(MaxAtOnce, hosting.Value.MaxIngests));
        var parts = new List<ParsedBatch<WindowEvent>>[count];
        for (var i = 0; i < count; i++)
            parts[i] = [new ParsedBatch<WindowEvent>()];
        for (var i = 0; i < events.Count; i++)
        {
            var e = events[i].Event;
            var part = parts[(uint)e.UserId.GetHashCode(StringComparison.Ordinal) % (uint)count];
            if (part[^1].Count == MaxEvents)
                part.Add(new ParsedBatch<WindowEvent>());
            part[^1].Add(i, e);
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

    /// <summary>Counts a problem of an event that the store refused, and keeps the message's first one.</summary>
    private static void Add(EntryProblem problem, MessageEvent of, MessageBatch batch, SortedDictionary<int, RefusedMessage> refused)
    {
        problem = problem with { Index = of.Index };
        refused[of.Message] = !refused.TryGetValue(of.Message, out var before) ? new RefusedMessage(batch.Messages[of.Message], problem, 1)
            : before with { First = before.First.Index <= problem.Index ? before.First : problem, Count = before.Count + 1 };
    }

    /// <param name="Message">Index of the message in the batch.</param>
    /// <param name="Index">Index of the event in the message's array.</param>
    private readonly record struct MessageEvent(int Message, long Index, WindowEvent Event);
}
