using System.Text.Json;
using ProfileService.Intake;
using ProfileService.Platform;
using ProfileService.Windows;

namespace ProfileService.Events.CloudEvents;

/// <summary>Takes a CloudEvent in binary mode: the body is the event, and headers are its envelope.</summary>
internal sealed class BinaryCloudEventIntake(EventIngest ingest, CloudEventAttributes envelope) : IIntake<WindowEvent>
{
    private const string OnlyOne = "With the headers of a CloudEvent the body is one event, because their id identifies one event. "
        + $"Send several as {CloudEventTypes.Batch}.";

    public string Noun => ingest.Noun;

    public WindowEvent? Parse(ref Utf8JsonReader json, long index, UnknownFields unknown, out EntryProblem? problem)
    {
        problem = index > 0 || json.CurrentDepth > 0 ? new EntryProblem(index, ErrorCodes.WrongType, null, OnlyOne) : envelope.Problem;
        if (problem is null)
            return ingest.Parse(ref json, index, unknown, envelope, out problem);
        var deepest = 0;
        JsonText.SkipTo(json.CurrentDepth, ref json, ref deepest);
        return null;
    }

    public Task StoreAsync(ParsedBatch<WindowEvent> batch, IngestSummary summary, CancellationToken cancellationToken) =>
        ingest.StoreAsync(batch, summary, userField: null, archived: null, cancellationToken);
}
