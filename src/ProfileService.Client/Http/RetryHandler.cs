using System.Net;
using System.Security.Cryptography;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace ProfileService.Client;

/// <summary>
/// Retries requests that failed for a temporary reason. The waits grow and are partly random, so that clients do not all return at the same
/// time. Every request of the API may be repeated, except one whose body is a stream, which is sent once.
/// </summary>
public sealed class RetryHandler : DelegatingHandler
{
    /// <summary>Marks a request that is sent once, because a failure is its answer.</summary>
    internal static readonly HttpRequestOptionsKey<bool> Once = new("ProfileService.Client.Once");

    private const double MaxJitter = .2; // random extension of the wait that the service asks for, as a share of it

    private static readonly HttpRequestOptionsKey<int> Sends = new("ProfileService.Client.Sends"); // how often it was sent
    private static readonly HttpRequestOptionsKey<RetryHandler> Sender = new("ProfileService.Client.Sender");
    private static readonly ResiliencePropertyKey<HttpRequestMessage> Request = new("request");

    private readonly RetryOptions _options;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly ResiliencePipeline<HttpResponseMessage> _pipeline;
    private readonly ResiliencePipeline<HttpResponseMessage> _once;

    /// <summary>Creates a handler, which is put before the one that sends.</summary>
    /// <param name="options">How often and how soon; null for the defaults.</param>
    /// <param name="time">The clock that waits; null for the system's.</param>
    /// <param name="random">Draws the random part of the waits; null for a new one.</param>
    /// <exception cref="ArgumentOutOfRangeException"><see cref="RetryOptions.MaxAttempts"/> is below 1.</exception>
    public RetryHandler(RetryOptions? options = null, TimeProvider? time = null, Random? random = null)
    {
        _options = options ?? new RetryOptions();
        _time = time ?? TimeProvider.System;
        _random = random ?? new Random(RandomNumberGenerator.GetInt32(int.MaxValue));
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.MaxAttempts, 1, nameof(options));
        _once = NewPipeline().AddTimeout(_options.AttemptTimeout).Build();
        _pipeline = _options.MaxAttempts > 1 ? NewPipeline().AddRetry(Retry()).AddPipeline(_once).Build() : _once;
    }

    /// <summary>The handler that may send a request again after its answer broke off; null if there is none.</summary>
    /// <param name="request">A request that was sent.</param>
    internal static RetryHandler? For(HttpRequestMessage request) =>
        request.Options.TryGetValue(Sender, out var sender) && SendsOf(request) < sender._options.MaxAttempts
        && !IsSentOnce(request) && IsHeld(request.Content)
            ? sender
            : null;

    /// <summary>Lets a copy of a request count as the same one.</summary>
    internal static void CountOn(HttpRequestMessage request, HttpRequestMessage copy) => copy.Options.Set(Sends, SendsOf(request));

    /// <summary>Waits before a request whose answer broke off is sent again.</summary>
    internal Task PauseAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var delay = DelayAfter(SendsOf(request));
        _options.OnRetry?.Invoke(new RetryNotice(SendsOf(request), delay, "the answer broke off"));
        return Task.Delay(delay, _time, cancellationToken);
    }

    /// <summary>The wait after a failed attempt: between half and all of a bound that doubles with each.</summary>
    private TimeSpan DelayAfter(int attempt)
    {
        var longest = Math.Min(
            _options.LongestDelay.TotalMilliseconds, _options.FirstDelay.TotalMilliseconds * Math.Pow(2, attempt - 1));
        return TimeSpan.FromMilliseconds(longest * (.5 + (.5 * NextRandom())));
    }

    /// <inheritdoc/>
    /// <exception cref="HttpRequestException">No connection, each time.</exception>
    /// <exception cref="TimeoutException">No answer began in time, each time.</exception>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Options.Set(Sender, this);
        if (request.Content is StreamedBody body)
            return await SendAsync(request, body, cancellationToken).ConfigureAwait(false);
        if (!IsHeld(request.Content))
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        var context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: false, cancellationToken);
        context.Properties.Set(Request, request);
        try
        {
            return await (IsSentOnce(request) ? _once : _pipeline).ExecuteAsync(AttemptAsync, context).ConfigureAwait(false);
        }
        catch (TimeoutRejectedException e)
        {
            throw NoAnswer(request, _options.AttemptTimeout, e);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private async ValueTask<HttpResponseMessage> AttemptAsync(ResilienceContext context)
    {
        var request = RequestOf(context);
        request.Options.Set(Sends, SendsOf(request) + 1);
        return await base.SendAsync(request, context.CancellationToken).ConfigureAwait(false);
    }

    private static HttpRequestMessage RequestOf(ResilienceContext context) => context.Properties.GetValue(Request, null!);

    private static int SendsOf(HttpRequestMessage request) => request.Options.TryGetValue(Sends, out var sends) ? sends : 0;

    /// <summary>
    /// The source of a body may take its time. The timeout begins when all of it has been sent, and is no shorter than that took: a proxy
    /// may have taken the body ahead of the service.
    /// </summary>
    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, StreamedBody body, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var began = _time.GetTimestamp();
        var answer = base.SendAsync(request, stop.Token);
        await Task.WhenAny(answer, body.Sent).ConfigureAwait(false);
        var sending = _time.GetElapsedTime(began);
        var longest = sending > _options.AttemptTimeout ? sending : _options.AttemptTimeout;
        try
        {
            return await answer.WaitAsync(longest, _time, CancellationToken.None).ConfigureAwait(false);
        }
        catch (TimeoutException e) when (!answer.IsCompleted)
        {
            await stop.CancelAsync().ConfigureAwait(false);
            throw NoAnswer(request, longest, e);
        }
    }

    private static TimeoutException NoAnswer(HttpRequestMessage request, TimeSpan longest, Exception e) =>
        new($"{request.RequestUri} took longer than {longest.TotalSeconds:0.###} s to answer.", e);

    private static bool IsSentOnce(HttpRequestMessage request) => request.Options.TryGetValue(Once, out var once) && once;

    /// <summary>Whether a body is in memory, so that it may be sent again.</summary>
    private static bool IsHeld(HttpContent? body) => body is null or ByteArrayContent or ReadOnlyMemoryContent;

    private ResiliencePipelineBuilder<HttpResponseMessage> NewPipeline() => new() { TimeProvider = _time };

    private RetryStrategyOptions<HttpResponseMessage> Retry() => new()
    {
        MaxRetryAttempts = _options.MaxAttempts - 1,
        ShouldHandle = failed => ValueTask.FromResult(
            IsTemporary(failed.Outcome) && SendsOf(RequestOf(failed.Context)) < _options.MaxAttempts),
        DelayGenerator = failed => ValueTask.FromResult<TimeSpan?>(
            AskedFor(failed.Outcome.Result) is { } asked ? Extended(asked) : DelayAfter(SendsOf(RequestOf(failed.Context)))),
        OnRetry = failed =>
        {
            _options.OnRetry?.Invoke(new RetryNotice(SendsOf(RequestOf(failed.Context)), failed.RetryDelay, ReasonOf(failed.Outcome)));
            return default;
        },
    };

    private bool IsTemporary(Outcome<HttpResponseMessage> outcome) => outcome switch
    {
        { Exception: HttpRequestException or TimeoutRejectedException } => true,
        {
            Result.StatusCode: HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable
                or HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout
        } => !(AskedFor(outcome.Result) > _options.LongestDelay),
        _ => false,
    };

    private TimeSpan? AskedFor(HttpResponseMessage? response) =>
        response is null ? null : Problem.RetryAfterOf(response.Headers, _time.GetUtcNow());

    private TimeSpan Extended(TimeSpan asked)
    {
        var extended = asked * (1 + (MaxJitter * NextRandom()));
        return extended < _options.LongestDelay ? extended : _options.LongestDelay;
    }

    private double NextRandom()
    {
        lock (_random)
            return _random.NextDouble();
    }

    private static string ReasonOf(Outcome<HttpResponseMessage> outcome) => outcome switch
    {
        { Result: { } response } => $"the service answers {(int)response.StatusCode}",
        { Exception: TimeoutRejectedException } => "the service does not answer in time",
        _ => outcome.Exception!.Message.TrimEnd('.'),
    };
}
