using System.Net;
using ProfileService.Client;

namespace ProfileService.Cli;

/// <summary>Clients of the service at <c>--url</c>, and what to say where it fails them.</summary>
internal static class ServiceClient
{
    private const int MaxAttempts = 10;

    /// <summary>A client that waits where the service is busy or away for a moment.</summary>
    /// <param name="waiting">Told why and how long it waits.</param>
    public static ProfileServiceClient Patient(Uri url, Action<string>? waiting = null) => ProfileServiceClient.Create(url, new RetryOptions
    {
        MaxAttempts = MaxAttempts,
        OnRetry = notice => waiting?.Invoke($"{notice.Reason}; trying again in {notice.Delay.TotalSeconds:N1} s"),
    });

    /// <summary>
    /// A client for asking whether the service is there. On loopback any certificate will do: it is made out to another name, or
    /// self-signed, and nobody stands between.
    /// </summary>
    public static ProfileServiceClient Impatient(Uri url, TimeSpan longestWait)
    {
        var handler = new HttpClientHandler();
        if (url.IsLoopback)
            handler.ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator;
        return new ProfileServiceClient(new HttpClient(handler) { BaseAddress = url, Timeout = longestWait });
    }

    /// <summary>What to tell the user; null where the service has no part in it.</summary>
    public static string? Explain(Exception e, Uri url) => e switch
    {
        HttpRequestException => $"No service answers at {url}: {e.Message.TrimEnd('.')}. Start one with ./run, or name another with --url.",
        TaskCanceledException { InnerException: TimeoutException } => $"The service at {url} did not answer in time; its log says why.",
        TimeoutException => $"{e.Message} See the service's log, then run this again.",
        ProfileServiceException { Status: HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable } busy =>
            $"The service answered {(int)busy.Status} each time it was asked. See its log and /health/ready, then run this again.",
        ProfileServiceException => e.Message,
        _ => null,
    };
}
