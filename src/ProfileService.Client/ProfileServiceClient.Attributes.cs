namespace ProfileService.Client;

public sealed partial class ProfileServiceClient
{
    /// <summary>Gets a user's attributes; null if none are known.</summary>
    /// <param name="userId">1 to 128 characters.</param>
    public Task<UserAttributes?> GetAttributesAsync(string userId, CancellationToken cancellationToken = default) =>
        _calls.FindAsync(Address.OfUser(userId, "attributes"), ClientJson.Default.UserAttributes, cancellationToken);

    /// <summary>Replaces all attributes of a user, whose profile is computed again.</summary>
    /// <param name="userId">1 to 128 characters, no control characters, not <c>.</c> or <c>..</c>.</param>
    /// <param name="attributes">Up to 64, with names of 1 to 64 characters.</param>
    /// <returns>The attributes as stored.</returns>
    /// <exception cref="ProfileServiceException">One was rejected; <see cref="ProfileServiceException.Field"/> says which.</exception>
    public Task<UserAttributes> PutAttributesAsync(
        string userId, IReadOnlyDictionary<string, AttributeValue> attributes, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(attributes);
        var body = Bodies.Json(attributes, ClientJson.Default.IReadOnlyDictionaryStringAttributeValue);
        var put = _calls.Put(Address.OfUser(userId, "attributes"), body);
        return _calls.ReadAsync(put, ClientJson.Default.UserAttributes, cancellationToken);
    }

    /// <summary>Replaces the attributes of many users, in requests of up to 1,000. A rejected entry does not affect the others.</summary>
    /// <param name="users">Any number; if a user comes twice, the last entry counts.</param>
    public Task<BatchSummary> PutAttributesBatchAsync(IEnumerable<AttributesEntry> users, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(users);
        return PutAllAsync("v1/attributes", Bodies.Arrays(users, ClientJson.Default.AttributesEntry), cancellationToken);
    }

    /// <summary>
    /// Makes an id an alias of a user: both are one person from now on, and only an erasure of the person ends it. May be repeated.
    /// </summary>
    /// <param name="userId">The id that stays, such as that of an account.</param>
    /// <param name="from">The id that becomes an alias, such as that of a visitor who signed in; it need not be known.</param>
    /// <exception cref="ProfileServiceException">
    /// Both are the same (400), or, as its code says: <paramref name="from"/> is somebody else's alias, <paramref name="userId"/> is its
    /// alias, or one of them is being erased (409).
    /// </exception>
    public Task<MergeResponse> MergeUserAsync(string userId, string from, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(from);
        var body = Bodies.Json(new MergeRequest(from), ClientJson.Default.MergeRequest);
        return _calls.ReadAsync(_calls.Post(Address.OfUser(userId, "merge"), body), ClientJson.Default.MergeResponse, cancellationToken);
    }
}
