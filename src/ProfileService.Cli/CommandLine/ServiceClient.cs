using System.Globalization;
using System.Net;
using System.Text.Json;
using ProfileService.Client;

namespace ProfileService.Cli.CommandLine;

/// <summary>Creates clients of the service at <c>--url</c>, and explains their failures.</summary>
internal static class ServiceClient
{
    private const int MaxAttempts = 10;
    private static readonly TimeSpan LongestCheck = TimeSpan.FromSeconds(30);

    /// <summary>A client that retries while the service is busy or unavailable.</summary>
    /// <param name="waiting">Receives the reason and the length of each wait.</param>
    public static ProfileServiceClient WithRetries(Uri url, Action<string>? waiting = null) =>
        ProfileServiceClient.Create(url, new RetryOptions
        {
            MaxAttempts = MaxAttempts,
            OnRetry = notice => waiting?.Invoke($"{notice.Reason}; trying again {When(notice.Delay)}"),
        }, KeyFromEnvironment.Key);

    /// <summary>
    /// A client without retries and with a timeout, for checks. On a loopback address it accepts any certificate: it is usually self-signed
    /// or issued for another name, and nobody can intercept the connection.
    /// </summary>
    /// <param name="longestWait">For the beginning of an answer, and again for the rest.</param>
    public static ProfileServiceClient WithTimeout(Uri url, TimeSpan longestWait)
    {
        var handler = new HttpClientHandler { AllowAutoRedirect = false };
        if (url.IsLoopback)
            handler.ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator;
        HttpMessageHandler sender = KeyFromEnvironment.Key is { } key ? new CredentialsHandler(key) { InnerHandler = handler } : handler;
        return new ProfileServiceClient(new HttpClient(sender) { BaseAddress = url, Timeout = longestWait }, longestWait);
    }

    public static string NotInTime(Uri url) => $"The service at {url} did not respond in time; its log gives the reason.";

    /// <summary>Checks that a ProfileService responds, so that a wrong address is reported at once. A busy service is accepted.</summary>
    public static async Task CheckAsync(Uri url, CancellationToken cancellationToken)
    {
        try
        {
            await WithTimeout(url, LongestCheck).GetStatusAsync(cancellationToken);
        }
        catch (ProfileServiceException e) when (IsBusy(e) || e.Status == HttpStatusCode.Forbidden) // a key may allow only what follows
        {
        }
        catch (ProfileServiceException e)
            when (e.Status is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotImplemented)
        {
            throw new CommandException(
                $"{url} is not the address of a ProfileService: {url}v1/status returns {(int)e.Status}. Set the address with --url.", e);
        }
    }

    /// <summary>Explains a failure; returns null if the service did not cause it.</summary>
    public static string? Explain(Exception e, Uri url) => e switch
    {
        HttpRequestException failed => Explain(failed, url),
        TaskCanceledException { InnerException: TimeoutException } => NotInTime(url),
        TimeoutException => $"{e.Message} Check the service's log, then run this again.",
        ProfileServiceException busy when IsBusy(busy) =>
            $"The service returned {(int)busy.Status}{(busy.Detail is { } detail ? $": {detail}" : ".")} "
            + "Check its log and /health/ready, then run this again.",
        ProfileServiceException { Status: HttpStatusCode.Unauthorized } refused =>
            $"{refused.Message} This command takes it from the environment: "
            + $"{KeyFromEnvironment.Variable}, or {KeyFromEnvironment.FileVariable} for a file with it.",
        ProfileServiceException { Status: >= HttpStatusCode.Ambiguous and < HttpStatusCode.BadRequest } =>
            $"{e.Message} Set it with --url.",
        ProfileServiceException { InnerException: JsonException } =>
            $"The server at {url} is not a ProfileService, or another version of it. Set the address with --url.",
        ProfileServiceException => e.Message,
        _ => null,
    };

    private static string Explain(HttpRequestException failed, Uri url) => failed switch
    {
        { HttpRequestError: HttpRequestError.ResponseEnded, StatusCode: not null } => // the answer had begun
            $"{failed.Message.TrimEnd('.')}. Run this again; if it breaks off again, the service's log gives the reason.",
        { HttpRequestError: HttpRequestError.SecureConnectionError } =>
            $"{url} cannot be reached by https: {WithoutFrames((failed.InnerException ?? failed).Message.TrimEnd('.'))}. "
            + "If the service uses plain http, set an http address with --url.",
        { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError } =>
            $"No service responds at {url}: {failed.Message.TrimEnd('.')}. Start one with ./run, or set another address with --url.",
        _ => $"The server at {url} does not use http, or closed the connection. "
            + "Check the port; if it uses https, set an https address with --url.",
    };

    // .NET's words for an answer that is not TLS
    private static string WithoutFrames(string reason) =>
        reason.Contains("frame", StringComparison.Ordinal) ? "the server does not answer in TLS" : reason;

    /// <summary>When something happens after a delay.</summary>
    public static string When(TimeSpan delay) =>
        delay.TotalSeconds < .05 ? "at once" : string.Create(CultureInfo.InvariantCulture, $"in {delay.TotalSeconds:N1} s");

    private static bool IsBusy(ProfileServiceException e) =>
        e.Status is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable;
}
