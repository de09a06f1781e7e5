using System.Net;
using System.Net.Http.Headers;

namespace ProfileService.Client;

public sealed partial class ProfileServiceClient
{
    private const string Lookup = "v1/profiles/lookup";

    private static readonly ProfileParts[] Parts = [ProfileParts.Vector, ProfileParts.Dimensions, ProfileParts.Explanation];

    /// <summary>Gets a user's profile; null if nothing is known of the user.</summary>
    /// <param name="userId">1 to 128 characters.</param>
    /// <param name="include">The parts of the profile to ask for.</param>
    /// <param name="fresh">Whether to wait, by default for at most a second, until the user's newest events are in the profile.</param>
    /// <exception cref="ProfileServiceException">
    /// 503 with code <c>not_computed</c>: the user's first profile was not computed in time.
    /// </exception>
    public async Task<UserProfile?> GetProfileAsync(
        string userId, ProfileParts include = ProfileParts.Default, bool fresh = false, CancellationToken cancellationToken = default) =>
        (await GetProfileAsync(userId, null, include, fresh, cancellationToken).ConfigureAwait(false)).Profile;

    /// <summary>Gets a user's profile unless the caller already has it as it is now.</summary>
    /// <param name="userId">1 to 128 characters.</param>
    /// <param name="etag">The <see cref="UserProfile.ETag"/> of the caller's copy.</param>
    /// <param name="include">The parts of the profile to ask for.</param>
    /// <param name="fresh">Whether to wait, by default for at most a second, until the user's newest events are in the profile.</param>
    public Task<ProfileUpdate> GetProfileIfChangedAsync(
        string userId,
        string etag,
        ProfileParts include = ProfileParts.Default,
        bool fresh = false,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(etag);
        return GetProfileAsync(userId, etag, include, fresh, cancellationToken);
    }

    /// <summary>Gets a user's vector, transferred as bytes; null if nothing is known of the user.</summary>
    /// <param name="userId">1 to 128 characters.</param>
    /// <param name="fresh">Whether to wait, by default for at most a second, until the user's newest events are in the vector.</param>
    public Task<UserVector?> GetVectorAsync(string userId, bool fresh = false, CancellationToken cancellationToken = default) =>
        _calls.SendAsync(VectorRequest(userId, fresh), async (response, token) =>
        {
            if (await ReadInfoAsync(response, token).ConfigureAwait(false) is not { } info)
                return null;
            var vector = new float[info.Dimension];
            await Floats.ReadAsync(response.Content, vector, token).ConfigureAwait(false);
            return new UserVector(vector, info);
        }, cancellationToken);

    /// <summary>Reads a user's vector into the start of the caller's memory; null if nothing is known of the user.</summary>
    /// <param name="userId">1 to 128 characters.</param>
    /// <param name="target">At least as long as the model's vectors.</param>
    /// <param name="fresh">Whether to wait, by default for at most a second, until the user's newest events are in the vector.</param>
    /// <exception cref="ArgumentException">The target is too small.</exception>
    public Task<VectorInfo?> GetVectorAsync(
        string userId, Memory<float> target, bool fresh = false, CancellationToken cancellationToken = default) =>
        _calls.SendAsync(VectorRequest(userId, fresh), async (response, token) =>
        {
            if (await ReadInfoAsync(response, token).ConfigureAwait(false) is not { } info)
                return null;
            await Floats.ReadAsync(response.Content, Fitting(target, info.Dimension), token).ConfigureAwait(false);
            return info;
        }, cancellationToken);

    /// <summary>Gets the profiles of many users, with vectors and dimensions.</summary>
    /// <param name="userIds">Up to 1,000 by default (<c>Lookup:MaxUsers</c>).</param>
    public Task<ProfileLookup> LookupAsync(IReadOnlyList<string> userIds, CancellationToken cancellationToken = default) =>
        _calls.ReadAsync(LookupRequest(userIds), ClientJson.Default.ProfileLookup, cancellationToken);

    /// <summary>Gets the vectors of many users, transferred as bytes.</summary>
    /// <param name="userIds">Up to 1,000 by default (<c>Lookup:MaxUsers</c>).</param>
    public Task<VectorMatrix> LookupVectorsAsync(IReadOnlyList<string> userIds, CancellationToken cancellationToken = default) =>
        LookupVectorsAsync(userIds, values => new float[values], cancellationToken);

    /// <summary>Reads the vectors of many users into the start of the caller's memory; the matrix is a view of it.</summary>
    /// <param name="userIds">Up to 1,000 by default (<c>Lookup:MaxUsers</c>).</param>
    /// <param name="target">At least users × dimension numbers.</param>
    /// <exception cref="ArgumentException">The target is too small.</exception>
    public Task<VectorMatrix> LookupVectorsAsync(
        IReadOnlyList<string> userIds, Memory<float> target, CancellationToken cancellationToken = default) =>
        LookupVectorsAsync(userIds, values => Fitting(target, values), cancellationToken);

    /// <summary>Computes the profile of a session, as if a user had these events and attributes. Nothing is stored.</summary>
    /// <param name="session">Events and attributes, and what to recommend.</param>
    /// <exception cref="ProfileServiceException">
    /// 400: an event is bad, and <see cref="ProfileServiceException.Field"/> names it. 404: the purposes of the user that the events name
    /// do not allow a profile. 409: recommendations are asked for, and the active model has no item vectors.
    /// </exception>
    public Task<SessionProfile> ComputeProfileAsync(SessionRequest session, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(session);
        var body = Bodies.Json(session, ClientJson.Default.SessionRequest);
        return _calls.ReadAsync(_calls.Post("v1/profiles/compute", body), ClientJson.Default.SessionProfile, cancellationToken);
    }

    /// <summary>Gets the events behind a user's profile; null if there are none.</summary>
    /// <param name="userId">1 to 128 characters.</param>
    public Task<UserWindow?> GetWindowAsync(string userId, CancellationToken cancellationToken = default) =>
        _calls.FindAsync(Address.OfUser(userId, "window"), ClientJson.Default.UserWindow, cancellationToken);

    private Task<ProfileUpdate> GetProfileAsync(
        string userId, string? etag, ProfileParts include, bool fresh, CancellationToken cancellationToken)
    {
        var request = _calls.Get(Address.Query(
            Address.OfUser(userId, "profile"), ("include", NamesOf(include)), ("fresh", fresh ? true : null)));
        if (etag is not null)
            request.Headers.TryAddWithoutValidation("If-None-Match", etag);
        return _calls.SendAsync(request, async (response, token) =>
        {
            if (response.StatusCode == HttpStatusCode.NotModified)
                return new ProfileUpdate(true, null);
            if (await ServiceCalls.IsUnknownAsync(response, token).ConfigureAwait(false))
                return new ProfileUpdate(false, null);
            var profile = await ServiceCalls.ReadAsync(response, ClientJson.Default.UserProfile, token).ConfigureAwait(false);
            return new ProfileUpdate(false, profile with { ETag = response.Headers.ETag?.ToString() });
        }, cancellationToken);
    }

    private static string? NamesOf(ProfileParts parts) => parts switch
    {
        ProfileParts.Default => null,
        ProfileParts.None or > (ProfileParts.Default | ProfileParts.Explanation) or < 0 => throw new ArgumentOutOfRangeException(
            nameof(parts), parts, "A profile has the parts Vector, Dimensions and Explanation. Ask for one at least."),
        _ => string.Join(',', Parts.Where(p => parts.HasFlag(p)).Select(p => p.ToString().ToLowerInvariant())),
    };

    private HttpRequestMessage VectorRequest(string userId, bool fresh) =>
        AcceptingBytes(_calls.Get(Address.Query(Address.OfUser(userId, "profile"), ("fresh", fresh ? true : null))));

    private HttpRequestMessage LookupRequest(IReadOnlyList<string> userIds)
    {
        ArgumentNullException.ThrowIfNull(userIds);
        return _calls.Post(Lookup, Bodies.Json(new LookupRequest(userIds), ClientJson.Default.LookupRequest));
    }

    private Task<VectorMatrix> LookupVectorsAsync(
        IReadOnlyList<string> userIds, Func<int, Memory<float>> room, CancellationToken cancellationToken) =>
        _calls.SendAsync(AcceptingBytes(LookupRequest(userIds)), async (response, token) =>
        {
            await ServiceCalls.ThrowIfRefusedAsync(response, token).ConfigureAwait(false);
            var headers = VectorHeaders.Of(response, userIds.Count);
            var values = room(userIds.Count * headers.Dimension);
            await Floats.ReadAsync(response.Content, values, token).ConfigureAwait(false);
            return new VectorMatrix(userIds, headers.Model, headers.Dimension, values, headers.Unavailable);
        }, cancellationToken);

    /// <summary>What the vector in the answer is; null if the service knows nothing of the user.</summary>
    private static async Task<VectorInfo?> ReadInfoAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (await ServiceCalls.IsUnknownAsync(response, cancellationToken).ConfigureAwait(false))
            return null;
        await ServiceCalls.ThrowIfRefusedAsync(response, cancellationToken).ConfigureAwait(false);
        return VectorHeaders.Of(response, rows: 1).Info();
    }

    private static Memory<float> Fitting(Memory<float> target, int values) => target.Length >= values
        ? target[..values]
        : throw new ArgumentException($"The vectors are {values:N0} numbers, and there is room for {target.Length:N0}.", nameof(target));

    private static HttpRequestMessage AcceptingBytes(HttpRequestMessage request)
    {
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(Floats.ContentType));
        return request;
    }
}
