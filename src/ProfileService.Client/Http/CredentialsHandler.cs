using System.Net.Http.Headers;

namespace ProfileService.Client;

/// <summary>Adds an API key or an access token to each request, as <c>Authorization: Bearer …</c>.</summary>
/// <param name="source">
/// Returns the key or a token that is still valid. It is called for each attempt, so that a token may be renewed between them; it should
/// keep what it has as long as that is valid.
/// </param>
public sealed class CredentialsHandler(Func<CancellationToken, ValueTask<string>> source) : DelegatingHandler
{
    private const string Scheme = "Bearer";

    /// <summary>Adds the same API key to each request.</summary>
    /// <param name="key">As <c>profiles keys create</c> printed it.</param>
    public CredentialsHandler(string key)
        : this(_ => ValueTask.FromResult(key))
    {
    }

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Headers.Authorization = new AuthenticationHeaderValue(Scheme, await source(cancellationToken).ConfigureAwait(false));
        return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }
}
