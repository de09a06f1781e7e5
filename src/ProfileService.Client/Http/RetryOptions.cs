namespace ProfileService.Client;

/// <summary>How often and how soon a request is sent again: where the service is busy (429, 503), something before it fails (502, 504), the connection fails, or no answer comes.</summary>
public sealed class RetryOptions
{
    internal static readonly TimeSpan DefaultReadTimeout = TimeSpan.FromSeconds(100);

    /// <summary>How often a request is sent at most, the first time included. 1 or more, default 5.</summary>
    public int MaxAttempts { get; set; } = 5;

    /// <summary>Wait before the second attempt, about; it doubles with each one. Where the service says how long to wait, that counts. Default 200 ms.</summary>
    public TimeSpan FirstDelay { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Longest wait. A service that asks for a longer one is not asked again. Default 10 s.</summary>
    public TimeSpan LongestDelay { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long an answer may take to begin. 10 ms to 1 day, default 40 s, somewhat longer than the service gives itself.</summary>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(40);

    /// <summary>
    /// How long an answer that has begun may take to end; one that does not is a <see cref="TimeoutException"/>, and is not asked for again.
    /// Above 0, to 24 days, default 100 s.
    /// </summary>
    public TimeSpan ReadTimeout { get; set; } = DefaultReadTimeout;

    /// <summary>Told before each wait.</summary>
    public Action<RetryNotice>? OnRetry { get; set; }
}

/// <summary>A request is about to be sent again.</summary>
/// <param name="Attempt">Number of the attempt that failed, from 1.</param>
/// <param name="Delay">How long it waits first.</param>
/// <param name="Reason">For people.</param>
public sealed record RetryNotice(int Attempt, TimeSpan Delay, string Reason);
