using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.Extensions.Options;
using ProfileService.Storage;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace ProfileService.Lookup;

/// <summary>
/// <see cref="ProfileResponse"/> and <see cref="LookupResponse"/> as JSON. A profile is in two parts: the long one, up to the age, is
/// made by the serializer once and kept; the other is of the moment.
/// </summary>
internal sealed class ProfileJson(IOptions<JsonOptions> options)
{
    public const string ContentType = "application/json; charset=utf-8";

    private const int MaxEnd = 128; // bytes of a profile's second part

    private static readonly byte[] Opening = "{\"profiles\":["u8.ToArray();
    private static readonly byte[] Comma = ","u8.ToArray();
    private static readonly byte[] Missing = "],\"missing\":"u8.ToArray();
    private static readonly byte[] Unavailable = ",\"unavailable\":"u8.ToArray();
    private static readonly byte[] Closing = "}"u8.ToArray();

    private static ReadOnlySpan<byte> Age => "\"ageSeconds\":"u8;

    /// <summary>A profile's first part.</summary>
    public byte[] Start(KnownProfile known) => known.JsonStart ??= Start(known.Profile);

    /// <summary>A profile's second part.</summary>
    public static byte[] End(in ReadProfile read, DateTimeOffset now)
    {
        Span<byte> json = stackalloc byte[MaxEnd];
        return json[..WriteEnd(json, read, now)].ToArray();
    }

    /// <summary>The profiles found in the order asked, and the ids that have none.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Parts(IReadOnlyList<string> userIds, IReadOnlyList<ReadProfile> reads, DateTimeOffset now)
    {
        yield return Opening;
        var (isFirst, end) = (true, new byte[MaxEnd]);
        foreach (var read in reads)
        {
            if (read.Known is null)
                continue;
            if (!isFirst)
                yield return Comma;
            isFirst = false;
            yield return Start(read.Known);
            yield return end.AsMemory(0, WriteEnd(end, read, now));
        }

        yield return Missing;
        yield return JsonSerializer.SerializeToUtf8Bytes(userIds.Where((_, i) => reads[i] is { Known: null, IsUnsure: false }), options.Value.SerializerOptions);
        if (reads.Any(r => r is { Known: null, IsUnsure: true }))
        {
            yield return Unavailable;
            yield return JsonSerializer.SerializeToUtf8Bytes(userIds.Where((_, i) => reads[i] is { Known: null, IsUnsure: true }), options.Value.SerializerOptions);
        }

        yield return Closing;
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
