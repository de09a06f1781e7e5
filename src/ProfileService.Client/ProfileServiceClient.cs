namespace ProfileService.Client;

/// <summary>
/// A ProfileService. Safe for use by many threads; one for the life of the program is enough. An unknown user or item is null; a refused
/// request is a <see cref="ProfileServiceException"/>; a service that cannot be reached is an <see cref="HttpRequestException"/>, and one
/// that takes too long a <see cref="TimeoutException"/>.
/// </summary>
public sealed partial class ProfileServiceClient
{
    private static readonly TimeSpan LifeOfConnections = TimeSpan.FromMinutes(2); // so that a changed address of the service's name is seen

    private readonly ServiceCalls _calls;

    /// <param name="http">
    /// Knows the service's address as its <see cref="HttpClient.BaseAddress"/>, tries again where a <see cref="RetryHandler"/> is among its
    /// handlers, and stays its owner's. Its <see cref="HttpClient.Timeout"/> also ends streams.
    /// </param>
    /// <param name="readTimeout">How long an answer that has begun may take to end, see <see cref="RetryOptions.ReadTimeout"/>.</param>
    public ProfileServiceClient(HttpClient http, TimeSpan? readTimeout = null)
    {
        ArgumentNullException.ThrowIfNull(http);
        _calls = new ServiceCalls(http, readTimeout ?? RetryOptions.DefaultReadTimeout);
    }

    /// <summary>A client of its own, for a program without dependency injection. Keep it for the life of the program.</summary>
    /// <param name="address">Such as <c>http://localhost:8080</c>.</param>
    public static ProfileServiceClient Create(Uri address, RetryOptions? retry = null)
    {
        var handler = new RetryHandler(retry) { InnerHandler = new SocketsHttpHandler { PooledConnectionLifetime = LifeOfConnections } };
        return new ProfileServiceClient(new HttpClient(handler) { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan }, retry?.ReadTimeout);
    }
}
