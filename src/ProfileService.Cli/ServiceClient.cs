using System.Net;
using System.Text.Json;
using ProfileService.Client;

namespace ProfileService.Cli;

/// <summary>Clients of the service at <c>--url</c>, and what to say where it fails them.</summary>
internal static class ServiceClient
{
    private const int MaxAttempts = 10;
    private static readonly TimeSpan LongestCheck = TimeSpan.FromSeconds(30);

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

    /// <summary>Makes sure that a ProfileService answers, so that a wrong address is told at once. A busy one will do.</summary>
    public static async Task CheckAsync(Uri url, CancellationToken cancellationToken)
    {
        try
        {
            await Impatient(url, LongestCheck).GetStatusAsync(cancellationToken);
        }
        catch (ProfileServiceException e) when (IsBusy(e))
        {
        }
        catch (ProfileServiceException e) when (e.Status is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotImplemented)
        {
            throw new CommandException($"{url} is not the address of a ProfileService: {url}v1/status is answered {(int)e.Status}. Name the service's address with --url.", e);
        }
    }

    /// <summary>What to tell the user; null where the service has no part in it.</summary>
    public static string? Explain(Exception e, Uri url) => e switch
    {
        HttpRequestException failed => Explain(failed, url),
        TaskCanceledException { InnerException: TimeoutException } => $"The service at {url} did not answer in time; its log says why.",
        TimeoutException => $"{e.Message} See the service's log, then run this again.",
        ProfileServiceException busy when IsBusy(busy) =>
            $"The service answered {(int)busy.Status} each time it was asked. See its log and /health/ready, then run this again.",
        ProfileServiceException { InnerException: JsonException } => $"What answers at {url} is no ProfileService, or another version of it. Name the service's address with --url.",
        ProfileServiceException => e.Message,
        _ => null,
    };

    private static string Explain(HttpRequestException failed, Uri url) => failed.HttpRequestError switch
    {
        HttpRequestError.SecureConnectionError =>
            $"{url} cannot be reached by https: {(failed.InnerException ?? failed).Message.TrimEnd('.')}. If the service speaks plain http, name it so with --url.",
        HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError =>
            $"No service answers at {url}: {failed.Message.TrimEnd('.')}. Start one with ./run, or name another with --url.",
        _ => $"What answers at {url} is no http service, or broke off. See the port; if it speaks https, name it so with --url.",
    };

    private static bool IsBusy(ProfileServiceException e) => e.Status is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable;
}
