using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ProfileService.Client;

/// <summary>Sends requests and reads answers, whatever they are about.</summary>
internal sealed class ServiceCalls
{
    private const string NoRoute = "not_found"; // the code of a wrong address

    private readonly HttpClient _http;
    private readonly Uri _service;
    private readonly TimeSpan _longestRead;

    /// <param name="longestRead">
    /// Timeout for the body of an answer. The timeout of the HttpClient ends when the head has arrived.
    /// </param>
    public ServiceCalls(HttpClient http, TimeSpan longestRead)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(longestRead, TimeSpan.Zero);
        _longestRead = longestRead;
        var address = http.BaseAddress
            ?? throw new ArgumentException("The HttpClient needs the service's address as its BaseAddress.", nameof(http));
        _http = http;
        _service = new Uri(address.AbsoluteUri.TrimEnd('/') + '/'); // without the slash the last part of a path would be dropped
    }

    public HttpRequestMessage Get(string path) => new(HttpMethod.Get, new Uri(_service, path));

    public HttpRequestMessage Post(string path, HttpContent content) => new(HttpMethod.Post, new Uri(_service, path)) { Content = content };

    public HttpRequestMessage Put(string path, HttpContent content) => new(HttpMethod.Put, new Uri(_service, path)) { Content = content };

    public HttpRequestMessage Patch(string path, HttpContent content) =>
        new(HttpMethod.Patch, new Uri(_service, path)) { Content = content };

    public HttpRequestMessage Delete(string path) => new(HttpMethod.Delete, new Uri(_service, path));

    /// <exception cref="ProfileServiceException">The service refused, or no service answered.</exception>
    public Task<T> ReadAsync<T>(HttpRequestMessage request, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        SendAsync(request, (response, token) => ReadAsync(response, type, token), cancellationToken);

    /// <summary>Gets an object; null if the service knows nothing of it.</summary>
    /// <exception cref="ProfileServiceException">The service refused, or no service answered.</exception>
    public Task<T?> FindAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class => FindAsync(Get(path), type, cancellationToken);

    /// <summary>Reads the answer; null if the service knows nothing of what is asked for.</summary>
    /// <exception cref="ProfileServiceException">The service refused, or no service answered.</exception>
    public Task<T?> FindAsync<T>(HttpRequestMessage request, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class =>
        SendAsync(
            request,
            async (response, token) => await IsUnknownAsync(response, token).ConfigureAwait(false)
                ? null
                : await ReadAsync(response, type, token).ConfigureAwait(false),
            cancellationToken);

    /// <summary>Sends a request whose answer has no body.</summary>
    /// <exception cref="ProfileServiceException">The service refused, or no service answered.</exception>
    public Task SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        SendAsync(
            request,
            async (response, token) =>
            {
                await ThrowIfRefusedAsync(response, token).ConfigureAwait(false);
                return true;
            },
            cancellationToken);

    /// <param name="read">Reads the answer, which is disposed of afterwards; again from the start, if the answer breaks off.</param>
    public Task<T> SendAsync<T>(
        HttpRequestMessage request, Func<HttpResponseMessage, CancellationToken, Task<T>> read, CancellationToken cancellationToken) =>
        RepeatAsync(
            request,
            async asked =>
            {
                using var response = await _http
                    .SendAsync(asked, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
                return await ReadInTimeAsync(token => read(response, token), asked, cancellationToken).ConfigureAwait(false);
            },
            cancellationToken);

    /// <summary>Sends a request, and again if its answer breaks off, as often as the <see cref="RetryHandler"/> would.</summary>
    /// <param name="ask">Sends it and reads the whole answer.</param>
    public static async Task<T> RepeatAsync<T>(
        HttpRequestMessage request, Func<HttpRequestMessage, Task<T>> ask, CancellationToken cancellationToken)
    {
        using (request)
        {
            var asked = request;
            while (true)
            {
                try
                {
                    return await ask(asked).ConfigureAwait(false);
                }
                catch (HttpRequestException e) when (IsBrokenOff(e) && RetryHandler.For(asked) is { } sender)
                {
                    await sender.PauseAsync(asked, cancellationToken).ConfigureAwait(false);
                    asked = CopyOf(asked);
                }
            }
        }
    }

    /// <summary>
    /// Reads an answer with one JSON object a line. The timeout is that of a line, because the answer may have any length.
    /// </summary>
    public IAsyncEnumerable<JsonElement> ReadLinesAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        ReadLinesAsync(request, ClientJson.Default.JsonElement, cancellationToken);

    /// <summary>As above, each line as an object of a type.</summary>
    public async IAsyncEnumerable<T> ReadLinesAsync<T>(
        HttpRequestMessage request, JsonTypeInfo<T> type, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var sent = request;
        using var response = await _http
            .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        await ThrowIfLinesRefusedAsync(response, request, cancellationToken).ConfigureAwait(false);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false));
        while (await ReadLineAsync(lines, request, cancellationToken).ConfigureAwait(false) is { } line)
            yield return ParseLine(line, type, response);
    }

    private Task<string?> ReadLineAsync(StreamReader lines, HttpRequestMessage request, CancellationToken cancellationToken) =>
        ReadInTimeAsync(token => lines.ReadLineAsync(token).AsTask(), request, cancellationToken);

    private Task ThrowIfLinesRefusedAsync(
        HttpResponseMessage response, HttpRequestMessage request, CancellationToken cancellationToken) =>
        ReadInTimeAsync(
            async token =>
            {
                await ThrowIfRefusedAsync(response, token).ConfigureAwait(false);
                return true;
            },
            request,
            cancellationToken);

    private async Task<T> ReadInTimeAsync<T>(
        Func<CancellationToken, Task<T>> read, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_longestRead);
        try
        {
            return await read(limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (Explain(e, request, cancellationToken) is { } explained)
        {
            throw explained;
        }
    }

    private static T ParseLine<T>(string line, JsonTypeInfo<T> type, HttpResponseMessage response)
    {
        try
        {
            return JsonSerializer.Deserialize(line, type) ?? throw new JsonException("The line is null.");
        }
        catch (JsonException e)
        {
            throw NotUnderstood(response, e.Message, e);
        }
    }

    /// <summary>What went wrong while an answer was read; null if the exception says it.</summary>
    private Exception? Explain(Exception e, HttpRequestMessage request, CancellationToken cancellationToken) => e switch
    {
        IOException => BrokenOff($"The answer of {request.RequestUri} broke off: {e.Message}", e),
        OperationCanceledException when !cancellationToken.IsCancellationRequested => new TimeoutException(
            $"The answer of {request.RequestUri} did not end within {_longestRead.TotalSeconds:0.###} s "
            + $"({nameof(RetryOptions)}.{nameof(RetryOptions.ReadTimeout)})."),
        _ => null,
    };

    /// <summary>The exception of an answer that began and did not end; its status tells it from that of no answer.</summary>
    public static HttpRequestException BrokenOff(string message, Exception? inner = null) =>
        new(HttpRequestError.ResponseEnded, message, inner, HttpStatusCode.OK);

    private static bool IsBrokenOff(HttpRequestException e) =>
        e is { HttpRequestError: HttpRequestError.ResponseEnded, StatusCode: not null };

    // An HttpClient sends a request only once.
    private static HttpRequestMessage CopyOf(HttpRequestMessage request)
    {
        var copy = new HttpRequestMessage(request.Method, request.RequestUri) { Content = request.Content };
        foreach (var (name, values) in request.Headers)
            copy.Headers.TryAddWithoutValidation(name, values);
        RetryHandler.CountOn(request, copy);
        return copy;
    }

    public static async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        await ThrowIfRefusedAsync(response, cancellationToken).ConfigureAwait(false);
        return await ReadJsonAsync(response, type, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads the body of an answer with any status.</summary>
    public static async Task<T> ReadJsonAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        try
        {
            var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            return await JsonSerializer.DeserializeAsync(body, type, cancellationToken).ConfigureAwait(false)
                ?? throw new JsonException("The answer is null.");
        }
        catch (JsonException e)
        {
            throw NotUnderstood(response, e.Message, e);
        }
    }

    public static async Task ThrowIfRefusedAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (!response.IsSuccessStatusCode)
            throw Problem.Exception(response, await Problem.ReadAsync(response, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Whether the service says that it knows nothing of what is asked for.</summary>
    /// <exception cref="ProfileServiceException">The address is wrong.</exception>
    public static async Task<bool> IsUnknownAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.StatusCode != HttpStatusCode.NotFound)
            return false;
        var problem = await Problem.ReadAsync(response, cancellationToken).ConfigureAwait(false);
        return problem?.Code is null or NoRoute ? throw Problem.Exception(response, problem) : true;
    }

    public static ProfileServiceException NotUnderstood(HttpResponseMessage response, string reason, Exception? inner = null) =>
        new(
            $"What answers at {response.RequestMessage?.RequestUri} is not a ProfileService, or another version of it: {reason}",
            response.StatusCode,
            inner);
}
