using System.Text;
using System.Text.Unicode;
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
        string?[] types = [.. Find(message.Headers, ContentType)];
        return CloudEventTypes.IsEnvelope(types.LastOrDefault()) ? _envelopes
            : CloudEventHeaders.Of(Prefix, name => Find(message.Headers, name), NotValid) is { } attributes
                ? new BinaryCloudEventIntake(ingest, attributes)
            : types.Length == 0 && CloudEventTypes.IsEnvelope(message.Value.AsSpan()) ? _envelopes
            : ingest;
    }

    /// <summary>The values of the headers of a name; null for one that is not UTF-8.</summary>
    private static IEnumerable<string?> Find(Headers headers, string name) =>
        headers.Where(h => h.Key == name).Select(h => h.GetValueBytes()).OfType<byte[]>()
            .Select(value => Utf8.IsValid(value) ? Encoding.UTF8.GetString(value) : null);

    private static string NotValid(string header) => $"{header} is not valid: write it as UTF-8.";
}
