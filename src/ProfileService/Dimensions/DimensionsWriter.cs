using System.Buffers;
using System.Text;
using System.Text.Json;

namespace ProfileService.Dimensions;

/// <summary>
/// Writes dimensions as <see cref="DimensionsJson"/> does. By hand, because every refresh does it, and most of it are numbers, see
/// <see cref="RoundedJson"/>.
/// </summary>
internal static class DimensionsWriter
{
    private const int UsualBytes = 2_048;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _ofThread;

    public static string Write(ProfileDimensions dimensions)
    {
        var written = _ofThread ??= new ArrayBufferWriter<byte>(UsualBytes);
        using var json = new Utf8JsonWriter(written);
        try
        {
            Write(json, dimensions);
            json.Flush();
            return Encoding.UTF8.GetString(written.WrittenSpan);
        }
        finally
        {
            json.Reset();
            written.Clear(); // leaves nothing of a user behind
        }
    }

    private static void Write(Utf8JsonWriter json, ProfileDimensions dimensions)
    {
        json.WriteStartObject();
        Write(json, dimensions.Interests);
        Write(json, dimensions.Activity);
        Write(json, dimensions.Intent);
        Write(json, dimensions.PriceLevel);
        Write(json, dimensions.Sentiment);
        Write(json, dimensions.Attributes);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, IReadOnlyList<Interest>? interests)
    {
        if (interests is null)
            return;
        json.WriteStartArray("interests"u8);
        for (var i = 0; i < interests.Count; i++)
            Write(json, interests[i]);
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, Interest interest)
    {
        json.WriteStartObject();
        json.WriteString("category"u8, interest.Category);
        json.WriteRounded("share"u8, interest.Share);
        json.WriteRounded("trend"u8, interest.Trend);
        json.WriteRounded("against"u8, interest.Against);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Activity? activity)
    {
        if (activity is null)
            return;
        json.WriteStartObject("activity"u8);
        json.WriteString("lastEventAt"u8, activity.LastEventAt);
        json.WriteRounded("recencyDays"u8, activity.RecencyDays);
        json.WriteNumber("events"u8, activity.Events);
        json.WriteRounded("eventsPerDay"u8, activity.EventsPerDay);
        json.WriteNumber("sessions"u8, activity.Sessions);
        json.WriteRounded("valueSum"u8, activity.ValueSum);
        Write(json, "hours"u8, activity.Hours);
        Write(json, "weekdays"u8, activity.Weekdays);
        if (activity.FirstEventAt is { } first)
            json.WriteString("firstEventAt"u8, first);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> name, double[] shares)
    {
        json.WriteStartArray(name);
        foreach (var share in shares)
            json.WriteRounded(share);
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, Intent? intent)
    {
        if (intent is null)
            return;
        json.WriteStartObject("intent"u8);
        json.WriteRounded("browse"u8, intent.Browse);
        json.WriteRounded("compare"u8, intent.Compare);
        json.WriteRounded("buy"u8, intent.Buy);
        json.WriteRounded("feedback"u8, intent.Feedback);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, PriceLevel? prices)
    {
        if (prices is null)
            return;
        json.WriteStartObject("priceLevel"u8);
        json.WriteRounded("median"u8, prices.Median);
        json.WriteRounded("low"u8, prices.Low);
        json.WriteRounded("high"u8, prices.High);
        json.WriteNumber("events"u8, prices.Events);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, TextSentiment? sentiment)
    {
        if (sentiment is null)
            return;
        json.WriteStartObject("sentiment"u8);
        json.WriteRounded("mean"u8, sentiment.Mean);
        json.WriteRounded("trend"u8, sentiment.Trend);
        json.WriteNumber("texts"u8, sentiment.Texts);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, IReadOnlyDictionary<string, JsonElement>? attributes)
    {
        if (attributes is null)
            return;
        json.WriteStartObject("attributes"u8);
        foreach (var (name, value) in attributes)
        {
            json.WritePropertyName(name);
            value.WriteTo(json);
        }

        json.WriteEndObject();
    }
}
