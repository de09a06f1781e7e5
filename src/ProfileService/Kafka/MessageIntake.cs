using Confluent.Kafka;
using ProfileService.Events;
using ProfileService.Intake;
using ProfileService.Platform;
using ProfileService.Purposes;
using ProfileService.Windows;

namespace ProfileService.Kafka;

/// <summary>Parses and stores the events of messages by the rules and within the limits of <c>POST /v1/events</c>.</summary>
internal sealed class MessageIntake(
    JsonBodyReader json, EventIngest ingest, MessageFormat format, IngestLimits limits, ProfileMetrics metrics)
{
    // As many as a summary has problems, so that none is missing.
    private const int MaxEvents = IngestSummary.MaxProblems;

    /// <summary>
    /// Stores the events; after it returns, they survive a crash. Returns the messages of which something was refused, but for events of
    /// users whose purposes do not allow them: these are to be written nowhere.
    /// </summary>
    /// <exception cref="OverloadedException">The process has as much to do as it takes on.</exception>
    public async Task<IReadOnlyList<RefusedMessage>> StoreAsync(MessageBatch batch, CancellationToken cancellationToken)
    {
        using var held = new BufferedBody(limits);
        held.Grow(batch.Bytes);
        var refused = new SortedDictionary<int, RefusedMessage>();
        var parts = new List<ParsedBatch<WindowEvent>> { new() };
        for (var i = 0; i < batch.Messages.Count; i++)
        {
            foreach (var e in Parse(batch.Messages[i], i, refused))
                Add(parts, i, e);
        }

        foreach (var part in parts)
            await StoreAsync(part, batch, refused, cancellationToken);
        metrics.CountEvents(ProfileMetrics.Rejected, refused.Values.Sum(r => r.Count));
        return [.. refused.Values];
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

    private static void Add(List<ParsedBatch<WindowEvent>> parts, int index, WindowEvent parsed)
    {
        if (parts[^1].Count == MaxEvents)
            parts.Add(new ParsedBatch<WindowEvent>());
        parts[^1].Add(index, parsed);
    }

    private async Task StoreAsync(
        ParsedBatch<WindowEvent> part,
        MessageBatch batch,
        SortedDictionary<int, RefusedMessage> refused,
        CancellationToken cancellationToken)
    {
        var summary = new IngestSummary();
        await ingest.StoreAsync(part, summary, cancellationToken);
        metrics.CountEvents(ProfileMetrics.Rejected, summary.Problems.Count(p => p.Code == ProfileRefusal.Code));
        foreach (var problem in summary.Problems.Where(p => p.Code != ProfileRefusal.Code))
        {
            var index = (int)problem.Index;
            refused[index] = refused.TryGetValue(index, out var before)
                ? before with { Count = before.Count + 1 }
                : new RefusedMessage(batch.Messages[index], problem with { Index = 0 }, 1);
        }
    }
}
