using System.Text.Json;
using ProfileService.Intake;
using ProfileService.Windows;

namespace ProfileService.Events.CloudEvents;

/// <summary>Takes CloudEvents in structured mode: each entry is an envelope, and the event is its <c>data</c>.</summary>
internal sealed class CloudEventIntake(EventIngest ingest) : IIntake<WindowEvent>
{
    public string Noun => ingest.Noun;

    public WindowEvent? Parse(ref Utf8JsonReader json, long index, UnknownFields unknown, out EntryProblem? problem)
    {
        var envelope = new CloudEventAttributes(prefix: "", dataPath: "data.");
        Utf8JsonReader data = default;
        problem = CloudEventReader.Read(ref json, envelope, ref data);
        if (problem is null)
            return ingest.Parse(ref data, index, unknown, envelope, out problem);
        problem = problem with { Index = index };
        return null;
    }

    public Task StoreAsync(ParsedBatch<WindowEvent> batch, IngestSummary summary, CancellationToken cancellationToken) =>
        ingest.StoreAsync(batch, summary, userField: null, archived: null, cancellationToken);
}
