using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.Extensions.Options;
using ProfileService.Profiles;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace ProfileService.Lookup;

/// <summary>
/// <see cref="ProfileResponse"/> and <see cref="LookupResponse"/> as JSON. A profile is in two parts: the long one, up to the age, is
/// made by the serializer once and kept; the other is of the moment.
/// </summary>
internal sealed class ProfileJson(IOptions<JsonOptions> options)
{
    public const string ContentType = "application/json; charset=utf-8";

    /// <summary>Bytes after which a long answer is sent on, so that it is not held whole.</summary>
    public const int FlushAfter = 1 << 16;

    private const int MaxEnd = 128; // bytes of a profile's second part

    private static ReadOnlySpan<byte> Age => "\"ageSeconds\":"u8;

    /// <summary>A profile's first part.</summary>
    public byte[] Start(KnownProfile known) => known.JsonStart ??= Start(known.Profile);

    /// <summary>A profile's second part.</summary>
    public static byte[] End(in ReadProfile read, DateTimeOffset now)
    {
        Span<byte> json = stackalloc byte[MaxEnd];
        return json[..WriteEnd(json, read, now)].ToArray();
    }

    public async Task WriteAsync(PipeWriter writer, IReadOnlyList<string> userIds, IReadOnlyList<ReadProfile> reads, DateTimeOffset now, CancellationToken cancellationToken)
    {
        writer.Write("{\"profiles\":["u8);
        var (isFirst, unflushed) = (true, 0);
        foreach (var read in reads)
        {
            if (read.Known is null)
                continue;
            if (!isFirst)
                writer.Write(","u8);
            isFirst = false;
            var start = Start(read.Known);
            writer.Write(start);
            writer.Advance(WriteEnd(writer.GetSpan(MaxEnd), read, now));
            unflushed += start.Length;
            if (unflushed < FlushAfter)
                continue;
            await writer.FlushAsync(cancellationToken);
            unflushed = 0;
        }

        writer.Write("],\"missing\":"u8);
        writer.Write(JsonSerializer.SerializeToUtf8Bytes(userIds.Where((_, i) => reads[i].Known is null), options.Value.SerializerOptions));
        writer.Write("}"u8);
    }

    private byte[] Start(Profile profile)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(ProfileResponse.From(profile), options.Value.SerializerOptions);
        return json[..(json.AsSpan().LastIndexOf(Age) + Age.Length)];
    }

    private static int WriteEnd(Span<byte> json, in ReadProfile read, DateTimeOffset now)
    {
        Utf8.TryWrite(
            json, CultureInfo.InvariantCulture, $"{read.AgeSeconds(now)},\"pendingEvents\":{read.PendingEvents},\"stale\":{(read.IsStale ? "true" : "false")}}}}}", out var length);
        return length;
    }
}
