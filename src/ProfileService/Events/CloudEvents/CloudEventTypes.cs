using System.Text.Json;
using Microsoft.Net.Http.Headers;
using ProfileService.Intake;

namespace ProfileService.Events.CloudEvents;

/// <summary>Media types of CloudEvents.</summary>
internal static class CloudEventTypes
{
    /// <summary>One envelope.</summary>
    public const string One = "application/cloudevents+json";

    /// <summary>An array of envelopes.</summary>
    public const string Batch = "application/cloudevents-batch+json";

    public static bool IsEnvelope(string? contentType) =>
        contentType is not null
        && contentType.StartsWith("application/cloudevents", StringComparison.OrdinalIgnoreCase) // most are not, and this is fast
        && MediaTypeHeaderValue.TryParse(contentType, out var type)
        && (type.MediaType.Equals(One, StringComparison.OrdinalIgnoreCase)
            || type.MediaType.Equals(Batch, StringComparison.OrdinalIgnoreCase));

    public static bool IsJson(string contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type)
        && (type.MediaType.Equals(BatchEndpoint.Json, StringComparison.OrdinalIgnoreCase)
            || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether JSON text is an envelope, or an array that begins with one, for messages that do not say their type.</summary>
    public static bool IsEnvelope(ReadOnlySpan<byte> text)
    {
        if (text.IndexOf("\"specversion\""u8) < 0)
            return false;
        var json = JsonText.Reader(Utf8Bom.Skip(text));
        try
        {
            if (json.Read() && json.TokenType == JsonTokenType.StartArray)
                json.Read();
            return HasVersion(ref json);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool HasVersion(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartObject)
            return false;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("specversion"u8))
                return true;
            json.Skip();
        }

        return false;
    }
}
