using Microsoft.Extensions.Logging;

namespace ProfileService.Client;

/// <summary>For pages that would rather do without the service than fail with it.</summary>
public static class BestEffort
{
    private static readonly Action<ILogger, string, Exception?> LogNoAnswer = LoggerMessage.Define<string>(
        LogLevel.Warning, new EventId(1, nameof(LogNoAnswer)), "Continuing without an answer from ProfileService: {Reason}");

    /// <summary>
    /// Waits for an answer, and returns null if there is none: the service cannot be reached, refuses, or takes too long, or the call was
    /// cancelled.
    /// </summary>
    /// <param name="answer">A call of the client, such as <c>profiles.GetProfileAsync("ada", cancellationToken: deadline)</c>.</param>
    /// <param name="logger">Is told why there is no answer, without the ids of users; null for no log.</param>
    public static async Task<T?> OrNullAsync<T>(this Task<T> answer, ILogger? logger = null)
        where T : class?
    {
        ArgumentNullException.ThrowIfNull(answer);
        try
        {
            return await answer.ConfigureAwait(false);
        }
        catch (Exception e) when (ReasonOf(e) is { } reason)
        {
            if (logger is not null)
                LogNoAnswer(logger, reason, null);
            return null;
        }
    }

    // Messages of the exceptions may have the address, and so the user's id.
    private static string? ReasonOf(Exception e) => e switch
    {
        ProfileServiceException refusal => $"it answers {(int)refusal.Status} {refusal.Code}".TrimEnd(),
        HttpRequestException failure => $"the connection failed ({failure.HttpRequestError})",
        TimeoutException => "it took too long",
        OperationCanceledException => "the call was cancelled",
        _ => null,
    };
}
