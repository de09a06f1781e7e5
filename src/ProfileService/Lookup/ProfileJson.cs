using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;
using ProfileService.Dimensions;
using ProfileService.Storage;

namespace ProfileService.Lookup;

/// <summary>
/// Writes a profile as JSON in two parts. The head does not change while the profile does not, so that it can be cached. The tail says how
/// fresh the profile is now. Together they equal a serialized <see cref="UserProfile"/>.
/// </summary>
internal static class ProfileJson
{
    public const int MaxTail = 128; // bytes

    /// <summary>The JSON up to the members of <c>freshness</c> that change. Two objects are open at its end.</summary>
    public static byte[] Head(Profile profile, ProfileParts parts, Explanation? explanation, JsonSerializerOptions options)
    {
        var head = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(head, new JsonWriterOptions { Encoder = options.Encoder });
        json.WriteStartObject();
        json.WriteString("userId", profile.UserId);
        if (parts.HasFlag(ProfileParts.Vector))
            WriteVector(json, profile.Vector);
        json.WriteNumber("dimension", profile.Vector.Length / sizeof(float));
        json.WriteString("model", profile.Model);
        json.WriteNumber("revision", profile.Revision);
        json.WriteNumber("eventCount", profile.EventCount);
        json.WriteNumber("evidence", Math.Round(profile.Evidence, 4));
        if (parts.HasFlag(ProfileParts.Dimensions))
            Write(json, "dimensions", ProfileDimensions.FromJson(profile.Dimensions), options);
        Write(json, "explanation", explanation, options);
        json.WriteStartObject("freshness");
        json.WriteString("computedAt", profile.ComputedAt);
        if (profile.EventCount > 0)
            json.WriteString("eventsThrough", profile.EventsThrough);
        json.Flush();
        return head.WrittenSpan.ToArray();
    }

    /// <summary>The rest of the JSON.</summary>
    /// <param name="buffer">Receives the tail; <see cref="MaxTail"/> bytes.</param>
    public static ReadOnlyMemory<byte> Tail(in FoundProfile found, DateTimeOffset now, byte[] buffer)
    {
        var stale = found.IsStale ? "true" : "false";
        Utf8.TryWrite(
            buffer,
            CultureInfo.InvariantCulture,
            $",\"ageSeconds\":{found.AgeSeconds(now)},\"pendingEvents\":{found.PendingEvents},\"stale\":{stale}}}}}",
            out var length);
        return buffer.AsMemory(0, length);
    }

    private static void WriteVector(Utf8JsonWriter json, ReadOnlySpan<byte> vector)
    {
        json.WriteStartArray("vector");
        for (var at = 0; at < vector.Length; at += sizeof(float))
            json.WriteNumberValue(BinaryPrimitives.ReadSingleLittleEndian(vector[at..]));
        json.WriteEndArray();
    }

    private static void Write<T>(Utf8JsonWriter json, string name, T? value, JsonSerializerOptions options)
        where T : class
    {
        if (value is null)
            return;
        json.WritePropertyName(name);
        JsonSerializer.Serialize(json, value, options);
    }
}
