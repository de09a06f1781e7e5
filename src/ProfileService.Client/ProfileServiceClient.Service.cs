using System.Net;

namespace ProfileService.Client;

public sealed partial class ProfileServiceClient
{
    /// <summary>Finds users with a profile by the start of their id.</summary>
    /// <param name="prefix">How the ids begin; null or empty for all users.</param>
    /// <param name="count">Number of users at most, 1 to 1,000.</param>
    public Task<FoundUsers> FindUsersAsync(string? prefix = null, int count = 20, CancellationToken cancellationToken = default) =>
        FindUsersAsync(prefix, null, count, cancellationToken);

    /// <summary>Finds users with a profile by the start of their id, from the one after a user: page by page.</summary>
    /// <param name="prefix">How the ids begin; null or empty for all users.</param>
    /// <param name="after">The last user of the page before; null for the first page.</param>
    /// <param name="count">Number of users at most, 1 to 1,000.</param>
    public Task<FoundUsers> FindUsersAsync(
        string? prefix, string? after, int count, CancellationToken cancellationToken = default) =>
        _calls.ReadAsync(
            _calls.Get(Address.Query("v1/users", ("prefix", prefix), ("after", after), ("count", count))),
            ClientJson.Default.FoundUsers,
            cancellationToken);

    /// <summary>Gets the service at a glance.</summary>
    public Task<ServiceStatus> GetStatusAsync(CancellationToken cancellationToken = default) =>
        _calls.ReadAsync(_calls.Get("v1/status"), ClientJson.Default.ServiceStatus, cancellationToken);

    /// <summary>Gets what this client may do, by the key or the token that it sends.</summary>
    public Task<Access> GetAccessAsync(CancellationToken cancellationToken = default) =>
        _calls.ReadAsync(_calls.Get("v1/access"), ClientJson.Default.Access, cancellationToken);

    /// <summary>Gets the models in use.</summary>
    /// <exception cref="ProfileServiceException">
    /// 503 with code <c>other_model</c>: the process that answered has another model than the active one.
    /// </exception>
    public Task<ServiceModels> GetModelsAsync(CancellationToken cancellationToken = default) =>
        _calls.ReadAsync(_calls.Get("v1/models"), ClientJson.Default.ServiceModels, cancellationToken);

    /// <summary>
    /// Gets whether the service can store events now, check by check. It is asked once: that it cannot is an answer, too.
    /// </summary>
    public Task<ServiceHealth> GetHealthAsync(CancellationToken cancellationToken = default)
    {
        var request = _calls.Get("health/ready");
        request.Options.Set(RetryHandler.Once, true);
        return _calls.SendAsync(
            request,
            ReadHealthAsync,
            cancellationToken);
    }

    private static async Task<ServiceHealth> ReadHealthAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.StatusCode != HttpStatusCode.NotFound // every service has a health check at its address
            && await Problem.ReadAsync(response, cancellationToken).ConfigureAwait(false) is { } problem)
        {
            throw Problem.Exception(response, problem);
        }

        return response.StatusCode is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable
            ? await ServiceCalls.ReadJsonAsync(response, ClientJson.Default.ServiceHealth, cancellationToken).ConfigureAwait(false)
            : throw Problem.Exception(response, problem: null);
    }
}
