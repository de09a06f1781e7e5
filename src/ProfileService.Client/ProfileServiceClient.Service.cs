using System.Net;

namespace ProfileService.Client;

public sealed partial class ProfileServiceClient
{
    /// <summary>Users with a profile whose id begins with a text.</summary>
    /// <param name="prefix">Null or empty for all.</param>
    public Task<FoundUsers> FindUsersAsync(string? prefix = null, int count = 20, CancellationToken cancellationToken = default) =>
        _calls.ReadAsync(_calls.Get(Address.Query("v1/users", ("prefix", prefix), ("count", count))), ClientJson.Default.FoundUsers, cancellationToken);

    /// <summary>The service at a glance.</summary>
    public Task<ServiceStatus> GetStatusAsync(CancellationToken cancellationToken = default) =>
        _calls.ReadAsync(_calls.Get("v1/status"), ClientJson.Default.ServiceStatus, cancellationToken);

    /// <summary>The active model.</summary>
    public Task<ServiceModels> GetModelsAsync(CancellationToken cancellationToken = default) =>
        _calls.ReadAsync(_calls.Get("v1/models"), ClientJson.Default.ServiceModels, cancellationToken);

    /// <summary>Whether the service can do its work; asked once, for that it cannot is an answer.</summary>
    public Task<ServiceHealth> GetHealthAsync(CancellationToken cancellationToken = default)
    {
        var request = _calls.Get("health/ready");
        request.Options.Set(RetryHandler.Once, true);
        return _calls.SendAsync(
            request,
            (response, token) => response.StatusCode is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable
                ? ServiceCalls.ReadJsonAsync(response, ClientJson.Default.ServiceHealth, token)
                : throw ServiceCalls.NotUnderstood(response, $"{(int)response.StatusCode} {response.ReasonPhrase}"),
            cancellationToken);
    }
}
