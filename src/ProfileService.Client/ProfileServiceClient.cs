namespace ProfileService.Client;

/// <summary>
/// A client of a ProfileService. It is safe for use by many threads; one for the life of the program is enough. An unknown user or item is
/// null; a refused request is a <see cref="ProfileServiceException"/>; a service that cannot be reached is an
/// <see cref="HttpRequestException"/>, and one that takes too long a <see cref="TimeoutException"/>.
/// </summary>
public sealed partial class ProfileServiceClient
{
    private static readonly TimeSpan LifeOfConnections = TimeSpan.FromMinutes(2); // so that a change of the service's DNS entry is noticed

    private readonly ServiceCalls _calls;

    /// <summary>Makes a client that sends by an existing <see cref="HttpClient"/>.</summary>
    /// <param name="http">
    /// Its <see cref="HttpClient.BaseAddress"/> is the service's address; requests are retried if a <see cref="RetryHandler"/> is among its
    /// handlers. The caller disposes of it. Its <see cref="HttpClient.Timeout"/> also ends streams. It should follow no redirects, which
    /// make a <c>GET</c> of a <c>POST</c>.
    /// </param>
    /// <param name="readTimeout">
    /// How long an answer may take once it has begun, see <see cref="RetryOptions.ReadTimeout"/>; 100 s if null.
    /// </param>
    /// <exception cref="ArgumentException">The HttpClient has no address.</exception>
    public ProfileServiceClient(HttpClient http, TimeSpan? readTimeout = null)
    {
        ArgumentNullException.ThrowIfNull(http);
        _calls = new ServiceCalls(http, readTimeout ?? RetryOptions.DefaultReadTimeout);
    }

    /// <summary>
    /// Makes a client with connections of its own, for a program without dependency injection. Keep it for the life of the program.
    /// </summary>
    /// <param name="address">Such as <c>http://localhost:8080</c>.</param>
    /// <param name="retry">How requests are retried; null for the defaults.</param>
    /// <param name="key">An API key; null if the service asks for none. See <see cref="CredentialsHandler"/> for access tokens.</param>
    public static ProfileServiceClient Create(Uri address, RetryOptions? retry = null, string? key = null)
    {
        HttpMessageHandler sender = new SocketsHttpHandler { PooledConnectionLifetime = LifeOfConnections, AllowAutoRedirect = false };
        if (key is not null)
            sender = new CredentialsHandler(key) { InnerHandler = sender };
        var handler = new RetryHandler(retry) { InnerHandler = sender };
        var http = new HttpClient(handler) { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };
        return new ProfileServiceClient(http, retry?.ReadTimeout);
    }
}
