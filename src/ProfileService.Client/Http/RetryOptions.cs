namespace ProfileService.Client;

/// <summary>
/// How often and how soon a request is sent again: if the service is busy (429, 503), if a proxy fails (502, 504), if the connection
/// fails, if no answer comes, or if one breaks off.
/// </summary>
public sealed class RetryOptions
{
    internal static readonly TimeSpan DefaultReadTimeout = TimeSpan.FromSeconds(100);

    /// <summary>Number of attempts at most, including the first. 1 or more, default 5.</summary>
    public int MaxAttempts { get; set; } = 5;

    /// <summary>
    /// Approximate wait before the second attempt; it doubles with each further one. A <c>Retry-After</c> of the service counts instead.
    /// Default 200 ms.
    /// </summary>
    public TimeSpan FirstDelay { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Longest wait. A request for which the service demands a longer one is not sent again. Default 10 s.</summary>
    public TimeSpan LongestDelay { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long an answer may take to begin. 10 ms to 1 day, default 40 s, somewhat longer than the service allows itself. For a
    /// streamed body it counts from when all of it has been sent, and is no shorter than that took.
    /// </summary>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(40);

    /// <summary>
    /// How long an answer may take once it has begun; a longer one is a <see cref="TimeoutException"/>, and is not asked for again.
    /// More than 0, at most 24 days, default 100 s.
    /// </summary>
    public TimeSpan ReadTimeout { get; set; } = DefaultReadTimeout;

    /// <summary>Called before each wait; null by default.</summary>
    public Action<RetryNotice>? OnRetry { get; set; }
}

/// <summary>A failed attempt after which the request will be sent again.</summary>
/// <param name="Attempt">Number of the attempt that failed, from 1.</param>
/// <param name="Delay">The wait before the next attempt.</param>
/// <param name="Reason">Why it failed, for people.</param>
public sealed record RetryNotice(int Attempt, TimeSpan Delay, string Reason);
