using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ProfileService.Client;

/// <summary>Adds the client to a program's services.</summary>
public static class ProfileServiceClientSetup
{
    /// <summary>
    /// Adds <see cref="ProfileServiceClient"/>, with an HttpClient made by IHttpClientFactory. Its requests are not logged, because their
    /// addresses have the ids of users; <c>AddDefaultLogger</c> of the builder logs them.
    /// </summary>
    /// <param name="services">The program's services.</param>
    /// <param name="address">Such as <c>http://localhost:8080</c>.</param>
    /// <param name="configure">Changes how requests are retried.</param>
    /// <param name="key">An API key; null if the service asks for none. See <see cref="CredentialsHandler"/> for access tokens.</param>
    /// <returns>A builder that takes further handlers.</returns>
    public static IHttpClientBuilder AddProfileServiceClient(
        this IServiceCollection services, Uri address, Action<RetryOptions>? configure = null, string? key = null)
    {
        var options = new RetryOptions();
        configure?.Invoke(options);
        services.TryAddSingleton(TimeProvider.System);
        var client = services
            .AddHttpClient(nameof(ProfileServiceClient), http =>
            {
                http.BaseAddress = address;
                http.Timeout = Timeout.InfiniteTimeSpan; // the handler has its own, and a stream none
            })
            .AddTypedClient(http => new ProfileServiceClient(http, options.ReadTimeout))
            .ConfigurePrimaryHttpMessageHandler((sender, _) => FollowNoRedirects(sender))
            .AddHttpMessageHandler(provider => new RetryHandler(options, provider.GetRequiredService<TimeProvider>()))
            .RemoveAllLoggers();
        return key is null ? client : client.AddHttpMessageHandler(() => new CredentialsHandler(key));
    }

    // A redirect makes a GET of a POST.
    private static void FollowNoRedirects(HttpMessageHandler sender)
    {
        if (sender is SocketsHttpHandler sockets)
            sockets.AllowAutoRedirect = false;
        else if (sender is HttpClientHandler client)
            client.AllowAutoRedirect = false;
    }
}
