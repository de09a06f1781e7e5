using System.Buffers;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ProfileService.Client;

/// <summary>Request bodies that can be sent again.</summary>
internal static class Bodies
{
    public const int MaxEntries = 1_000; // per array; the service's default maximum

    // An array ends with the entry that reaches this size. No entry is as large; therefore an array stays below the 1 MiB that every
    // endpoint accepts.
    private const int EnoughBytes = 1 << 19;

    private static readonly MediaTypeHeaderValue JsonType = new("application/json");
    private static readonly MediaTypeHeaderValue NdjsonType = new("application/x-ndjson");

    public static HttpContent Json<T>(T value, JsonTypeInfo<T> type)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, ClientJson.Writer))
            JsonSerializer.Serialize(writer, value, type);
        return Content(buffer.WrittenMemory, JsonType);
    }

    public static HttpContent Ndjson(ReadOnlyMemory<byte> lines) => Content(lines, NdjsonType);

    /// <summary>Divides the entries into arrays, each small enough for one request.</summary>
    public static IEnumerable<(HttpContent Body, int Count)> Arrays<T>(IEnumerable<T> entries, JsonTypeInfo<T> type)
    {
        using var source = entries.GetEnumerator();
        var more = source.MoveNext();
        while (more)
        {
            var buffer = new ArrayBufferWriter<byte>();
            var count = 0;
            using (var writer = new Utf8JsonWriter(buffer, ClientJson.Writer))
            {
                writer.WriteStartArray();
                for (; more && count < MaxEntries && writer.BytesCommitted + writer.BytesPending < EnoughBytes; count++)
                {
                    JsonSerializer.Serialize(writer, source.Current, type);
                    more = source.MoveNext();
                }

                writer.WriteEndArray();
            }

            yield return (Content(buffer.WrittenMemory, JsonType), count);
        }
    }

    private static ReadOnlyMemoryContent Content(ReadOnlyMemory<byte> body, MediaTypeHeaderValue type) =>
        new(body) { Headers = { ContentType = type } };
}
