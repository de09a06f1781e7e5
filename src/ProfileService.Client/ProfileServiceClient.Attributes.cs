namespace ProfileService.Client;

public sealed partial class ProfileServiceClient
{
    /// <summary>What is known of a user beside events; null where nothing is.</summary>
    public Task<UserAttributes?> GetAttributesAsync(string userId, CancellationToken cancellationToken = default) =>
        _calls.FindAsync(Address.OfUser(userId, "attributes"), ClientJson.Default.UserAttributes, cancellationToken);

    /// <summary>Replaces all attributes of a user.</summary>
    /// <param name="attributes">Up to 64, of names of 1 to 64 characters.</param>
    /// <exception cref="ProfileServiceException">One is refused; <see cref="ProfileServiceException.Field"/> says which.</exception>
    public Task<UserAttributes> PutAttributesAsync(string userId, IReadOnlyDictionary<string, AttributeValue> attributes, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(attributes);
        var body = Bodies.Json(attributes, ClientJson.Default.IReadOnlyDictionaryStringAttributeValue);
        return _calls.ReadAsync(_calls.Put(Address.OfUser(userId, "attributes"), body), ClientJson.Default.UserAttributes, cancellationToken);
    }

    /// <summary>Replaces the attributes of many users, in requests of up to 1,000. One that is rejected costs the others nothing.</summary>
    public Task<BatchResult> PutAttributesBatchAsync(IEnumerable<AttributesEntry> users, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(users);
        return PutAllAsync("v1/attributes", Bodies.Arrays(users, ClientJson.Default.AttributesEntry), cancellationToken);
    }

    private async Task<BatchResult> PutAllAsync(string path, IEnumerable<(HttpContent Body, int Count)> arrays, CancellationToken cancellationToken)
    {
        var (all, before) = (new BatchResult(0, 0, []), 0L);
        foreach (var (body, count) in arrays)
        {
            var more = await PutAsync(path, body, cancellationToken).ConfigureAwait(false);
            all = new BatchResult(all.Accepted + more.Accepted, all.Rejected + more.Rejected, Add(all.Problems, more.Problems, before));
            before += count;
        }

        return all;
    }

    private Task<BatchResult> PutAsync(string path, HttpContent body, CancellationToken cancellationToken) =>
        _calls.SendAsync(_calls.Post(path, body), ReadBatchAsync, cancellationToken);
}
