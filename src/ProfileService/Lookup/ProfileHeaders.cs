using ProfileService.Platform;

namespace ProfileService.Lookup;

/// <summary>Headers of profiles, for the description of the API. <see cref="ProfileWriter"/> sends them.</summary>
internal static class ProfileHeaders
{
    private const int Ok = StatusCodes.Status200OK;
    private const string Bytes = "Of application/octet-stream alone";

    private static readonly ApiHeader Model =
        new("X-Profile-Model", $"{Bytes}: name and version of the model that computed it.", typeof(string), Ok);

    private static readonly ApiHeader Dimension = new("X-Profile-Dimension", $"{Bytes}: numbers of one vector.", typeof(int), Ok);

    public static readonly ApiHeader[] Profile =
    [
        new("If-None-Match", "ETag of an earlier answer; 304 if the profile is still the same.", typeof(string)),
        new("ETag", "Identifies this state of the profile: model, revision, and a checksum of vector and dimensions.", typeof(string), Ok),
        new("ETag", "As sent.", typeof(string), StatusCodes.Status304NotModified),
        Dimension,
        Model,
        new("X-Profile-Revision", $"{Bytes}: as revision.", typeof(long), Ok),
        new("X-Profile-Event-Count", $"{Bytes}: as eventCount.", typeof(int), Ok),
        new("X-Profile-Evidence", $"{Bytes}: as evidence.", typeof(double), Ok),
        new("X-Profile-Computed-At", $"{Bytes}: as freshness.computedAt.", typeof(DateTime), Ok),
        new("X-Profile-Events-Through", $"{Bytes}: as freshness.eventsThrough.", typeof(DateTime), Ok),
        new("X-Profile-Age-Seconds", $"{Bytes}: as freshness.ageSeconds.", typeof(double), Ok),
        new("X-Profile-Pending-Events", $"{Bytes}: as freshness.pendingEvents.", typeof(long), Ok),
        new("X-Profile-Stale", $"{Bytes}: as freshness.stale.", typeof(bool), Ok),
    ];

    public static readonly ApiHeader[] Ranking =
    [
        new("X-Profile-Dimension", $"{Bytes}: scores of a row, as many as items were asked for.", typeof(int), Ok),
        new("X-Profile-Model", $"{Bytes}: name and version of the model that scored.", typeof(string), Ok),
        new("X-Profile-Count", $"{Bytes}: rows of the matrix, as many as users were asked for.", typeof(int), Ok),
        new("X-Profile-Unavailable", $"{Bytes}: users that cannot be read or scored now; left out if there are none.", typeof(int), Ok),
    ];

    public static readonly ApiHeader[] Lookup =
    [
        Dimension,
        Model,
        new("X-Profile-Count", $"{Bytes}: rows of the matrix, as many as ids were asked for.", typeof(int), Ok),
        new("X-Profile-Unavailable", $"{Bytes}: profiles that cannot be read or computed; left out if there are none.", typeof(int), Ok),
    ];
}
