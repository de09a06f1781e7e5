using System.Text;
using Confluent.Kafka;
using ProfileService.Events;
using ProfileService.Events.CloudEvents;
using ProfileService.Intake;
using ProfileService.Windows;

namespace ProfileService.Kafka;

/// <summary>
/// Tells what a message is: a CloudEvent by its headers, or by <c>specversion</c> in a value without a content type; events otherwise. The
/// key says nothing: producers choose it for its partition.
/// </summary>
internal sealed class MessageFormat(EventIngest ingest)
{
    private const string Prefix = "ce_";
    private const string ContentType = "content-type";

    private readonly CloudEventIntake _envelopes = new(ingest);

    public IIntake<WindowEvent> IntakeOf(Message<byte[]?, byte[]?> message)
    {
        var type = Find(message.Headers, ContentType).LastOrDefault();
        return CloudEventTypes.IsEnvelope(type) ? _envelopes
            : CloudEventHeaders.Of(Prefix, name => Find(message.Headers, name)) is { } attributes
                ? new BinaryCloudEventIntake(ingest, attributes)
            : type is null && CloudEventTypes.IsEnvelope(message.Value.AsSpan()) ? _envelopes
            : ingest;
    }

    private static IEnumerable<string> Find(Headers headers, string name) =>
        headers.Where(h => h.Key == name && h.GetValueBytes() is not null).Select(h => Encoding.UTF8.GetString(h.GetValueBytes()));
}
