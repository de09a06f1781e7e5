using System.Globalization;
using Microsoft.Extensions.Primitives;
using ProfileService.Storage;

namespace ProfileService.Lookup;

/// <summary>
/// A profile, and the parts of its responses that do not change while the profile does not. Each is created when it is first used by
/// <see cref="ProfileWriter"/>.
/// </summary>
internal sealed class EncodedProfile(Profile profile)
{
    private const int FixedBytes = 800; // objects, cache entries and header values
    private const int BytesPerFloat = sizeof(float) + 14; // in the vector and in its JSON

    public Profile Profile => profile;

    /// <summary>Estimated memory, with all parts.</summary>
    public long Bytes { get; } =
        (3L * sizeof(char) * profile.UserId.Length)
        + (3L * (profile.Dimensions?.Length ?? 0))
        + BytesOf(profile.Vector.Length / sizeof(float));

    public string Etag => field ??= ProfileEtag.Of(profile);

    /// <summary>Headers of a response with the bytes of the vector.</summary>
    public KeyValuePair<string, StringValues>[] Headers => field ??= HeadersOf(profile);

    /// <summary>See <see cref="ProfileJson.Head"/>.</summary>
    public byte[]? JsonHead { get; set; }

    /// <summary>Estimated memory with a vector of a given dimension, without user id and dimensions of the profile.</summary>
    public static int BytesOf(int dimension) => FixedBytes + (dimension * BytesPerFloat);

    private static KeyValuePair<string, StringValues>[] HeadersOf(Profile profile)
    {
        List<KeyValuePair<string, StringValues>> headers =
        [
            new("X-Profile-Dimension", Text(profile.Vector.Length / sizeof(float))),
            new("X-Profile-Model", profile.Model),
            new("X-Profile-Revision", Text(profile.Revision)),
            new("X-Profile-Event-Count", Text(profile.EventCount)),
            new("X-Profile-Computed-At", profile.ComputedAt.ToString("O", CultureInfo.InvariantCulture)),
            new("X-Profile-Evidence", Text(Math.Round(profile.Evidence, 4))),
        ];
        if (profile.EventCount > 0)
            headers.Add(new("X-Profile-Events-Through", profile.EventsThrough.ToString("O", CultureInfo.InvariantCulture)));
        return [.. headers];
    }

    private static string Text(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);
}
