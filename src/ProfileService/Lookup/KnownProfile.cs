using System.Globalization;
using ProfileService.Storage;

namespace ProfileService.Lookup;

/// <summary>A profile as it was read, and those parts of answers that stay as they are while it does; each is made when first asked for.</summary>
/// <param name="start">What stood before it was read.</param>
internal sealed class KnownProfile(Profile profile, ReadStart start)
{
    private const int BytesBeside = 700; // objects, entries and texts, whatever the profile
    private const int BytesPerFloat = sizeof(float) + 14; // as it is, and as JSON has it

    private long _confirmedAt;
    private bool _isAsked;

    public Profile Profile => profile;

    public ReadStart Start { get; } = start;

    /// <summary>Timestamp before the window was last asked and found to hold nothing newer; null for never, or where it does.</summary>
    public long? ConfirmedAt => Volatile.Read(ref _confirmedAt) is not 0 and var at ? at : null;

    /// <summary>Memory that it may come to, about.</summary>
    public long Bytes => (3L * sizeof(char) * profile.UserId.Length) + (3L * (profile.Dimensions?.Length ?? 0)) + BytesOf(profile.Vector.Length / sizeof(float));

    /// <summary>Likewise, of a vector of so many numbers without what is said of it in texts.</summary>
    public static int BytesOf(int dimension) => BytesBeside + (dimension * BytesPerFloat);

    public string Etag => field ??= ProfileEtag.Of(profile);

    public string Dimension => field ??= (profile.Vector.Length / sizeof(float)).ToString(CultureInfo.InvariantCulture);

    public string Revision => field ??= profile.Revision.ToString(CultureInfo.InvariantCulture);

    public string EventCount => field ??= profile.EventCount.ToString(CultureInfo.InvariantCulture);

    public string Confidence => field ??= Math.Round(profile.Confidence, 4).ToString(CultureInfo.InvariantCulture);

    public string ComputedAt => field ??= profile.ComputedAt.ToString("O", CultureInfo.InvariantCulture);

    public string EventsThrough => field ??= profile.EventsThrough.ToString("O", CultureInfo.InvariantCulture);

    /// <summary>The first part of its JSON, see <see cref="ProfileJson"/>.</summary>
    public byte[]? JsonStart { get; set; }

    public void Confirm(long at) => Volatile.Write(ref _confirmedAt, at);

    /// <summary>Its window was found to be ahead of it, or gone.</summary>
    public void Doubt() => Volatile.Write(ref _confirmedAt, 0);

    /// <summary>Whether the caller, and nobody else now, is to ask for its window; <see cref="EndAsking"/> follows.</summary>
    public bool BeginAsking() => !Interlocked.Exchange(ref _isAsked, true);

    public void EndAsking() => Volatile.Write(ref _isAsked, false);
}
