using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Options;
using ProfileService.Platform;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace ProfileService.Lookup;

/// <summary>Writes found profiles: one as JSON or as the bytes of its vector, many as JSON or as a matrix.</summary>
internal sealed class ProfileWriter(IOptions<JsonOptions> json, TimeProvider time)
{
    private const string JsonWithCharset = $"{ProfileFormat.Json}; charset=utf-8";

    private static readonly byte[] Opening = "{\"profiles\":["u8.ToArray();
    private static readonly byte[] Comma = ","u8.ToArray();
    private static readonly byte[] Missing = "],\"missing\":"u8.ToArray();
    private static readonly byte[] Unavailable = ",\"unavailable\":"u8.ToArray();
    private static readonly byte[] Closing = "}"u8.ToArray();

    private readonly JsonSerializerOptions _options = json.Value.SerializerOptions;

    /// <summary>A profile with its default parts, see <see cref="UserProfile"/>.</summary>
    public StreamedResult Json(in FoundProfile found) => Json(found, HeadOf(found.Encoded!));

    /// <summary>Some parts of a profile.</summary>
    public StreamedResult Json(in FoundProfile found, ProfileParts parts, Explanation? explanation) =>
        Json(found, ProfileJson.Head(found.Profile!, parts, explanation, _options));

    /// <summary>Profiles in the order asked and the ids that have none, see <see cref="ProfileLookup"/>.</summary>
    public StreamedResult Json(IReadOnlyList<string> userIds, IReadOnlyList<FoundProfile> found) =>
        new(JsonWithCharset, null, Parts(userIds, found, time.GetUtcNow()));

    /// <summary>A vector as little-endian float32; the rest of the profile goes into headers.</summary>
    public StreamedResult Bytes(in FoundProfile found, IHeaderDictionary headers)
    {
        foreach (var (name, value) in found.Encoded!.Headers)
            headers[name] = value;
        headers["X-Profile-Age-Seconds"] = found.AgeSeconds(time.GetUtcNow()).ToString(CultureInfo.InvariantCulture);
        headers["X-Profile-Pending-Events"] = Text(found.PendingEvents);
        headers["X-Profile-Stale"] = found.IsStale ? "true" : "false";
        var vector = found.Profile!.Vector;
        return new StreamedResult(ProfileFormat.Bytes, vector.Length, (ReadOnlyMemory<byte>[])[vector]);
    }

    /// <summary>Vectors as rows of float32 [users, dimension] in the order asked; the row of a user without a profile is all NaN.</summary>
    /// <param name="model">The model to name if no user has a profile.</param>
    /// <param name="dimension">The length of its vectors.</param>
    public static StreamedResult Matrix(IReadOnlyList<FoundProfile> found, string model, int dimension, IHeaderDictionary headers)
    {
        if (found.FirstOrDefault(f => f.Encoded is not null).Profile is { } first) // its model may have been active until now
            (model, dimension) = (first.Model, first.Vector.Length / sizeof(float));
        if (found.Count(f => f.IsUnavailable) is > 0 and var unavailable)
            headers["X-Profile-Unavailable"] = Text(unavailable);
        headers["X-Profile-Model"] = model;
        headers["X-Profile-Dimension"] = Text(dimension);
        headers["X-Profile-Count"] = Text(found.Count);
        var rowBytes = dimension * sizeof(float);
        return new StreamedResult(ProfileFormat.Bytes, (long)found.Count * rowBytes, Rows(found, rowBytes));
    }

    private StreamedResult Json(in FoundProfile found, byte[] head)
    {
        var tail = ProfileJson.Tail(found, time.GetUtcNow(), new byte[ProfileJson.MaxTail]);
        return new StreamedResult(JsonWithCharset, head.Length + tail.Length, (ReadOnlyMemory<byte>[])[head, tail]);
    }

    private byte[] HeadOf(EncodedProfile encoded) =>
        encoded.JsonHead ??= ProfileJson.Head(encoded.Profile, ProfileParts.Default, explanation: null, _options);

    private IEnumerable<ReadOnlyMemory<byte>> Parts(IReadOnlyList<string> userIds, IReadOnlyList<FoundProfile> found, DateTimeOffset now)
    {
        yield return Opening;
        var (isFirst, tail) = (true, new byte[ProfileJson.MaxTail]);
        foreach (var profile in found.Where(f => f.Encoded is not null))
        {
            if (!isFirst)
                yield return Comma;
            isFirst = false;
            yield return HeadOf(profile.Encoded!);
            yield return ProfileJson.Tail(profile, now, tail);
        }

        yield return Missing;
        yield return Ids(userIds.Where((_, i) => found[i].IsMissing));
        if (found.Any(f => f.IsUnavailable))
        {
            yield return Unavailable;
            yield return Ids(userIds.Where((_, i) => found[i].IsUnavailable));
        }

        yield return Closing;
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Rows(IReadOnlyList<FoundProfile> found, int bytes)
    {
        byte[]? none = null;
        foreach (var profile in found)
            yield return profile.Profile?.Vector is { } vector && vector.Length == bytes ? vector : none ??= NaN(bytes);
    }

    private static byte[] NaN(int bytes)
    {
        var row = new byte[bytes];
        for (var at = 0; at < bytes; at += sizeof(float))
            BinaryPrimitives.WriteSingleLittleEndian(row.AsSpan(at), float.NaN);
        return row;
    }

    private byte[] Ids(IEnumerable<string> ids) => JsonSerializer.SerializeToUtf8Bytes(ids, _options);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
