using System.Globalization;
using Microsoft.Extensions.Primitives;
using ProfileService.Storage;

namespace ProfileService.Lookup;

/// <summary>
/// A profile and those parts of its wire forms that stay the same as long as it does; each is made when first asked for, see
/// <see cref="ProfileWriter"/>.
/// </summary>
internal sealed class EncodedProfile(Profile profile)
{
    private const int FixedBytes = 800; // objects, cache entries and header values
    private const int BytesPerFloat = sizeof(float) + 14; // in the vector and in its JSON

    public Profile Profile => profile;

    /// <summary>Estimate of the memory that it takes, with all of its parts.</summary>
    public long Bytes =>
        (3L * sizeof(char) * profile.UserId.Length)
        + (3L * (profile.Dimensions?.Length ?? 0))
        + BytesOf(profile.Vector.Length / sizeof(float));

    public string Etag => field ??= ProfileEtag.Of(profile);

    /// <summary>Headers that go with the bytes of the vector.</summary>
    public KeyValuePair<string, StringValues>[] Headers => field ??= HeadersOf(profile);

    /// <summary>See <see cref="ProfileJson.Head"/>.</summary>
    public byte[]? JsonHead { get; set; }

    /// <summary>Estimate of the memory for a vector of so many numbers, without user id and dimensions.</summary>
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
            new("X-Profile-Confidence", Text(Math.Round(profile.Confidence, 4))),
        ];
        if (profile.EventCount > 0)
            headers.Add(new("X-Profile-Events-Through", profile.EventsThrough.ToString("O", CultureInfo.InvariantCulture)));
        return [.. headers];
    }

    private static string Text(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);
}
