namespace ProfileService.Flows;

/// <summary>Sends what was written, to clients that make room for it in time.</summary>
internal static class PatientFlush
{
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Sends what was written; returns whether the client is gone. One that takes too long to make room is cut off, so that others get its
    /// place.
    /// </summary>
    /// <exception cref="OperationCanceledException">The client is gone, or was cut off.</exception>
    public static async Task<bool> FlushAsync(this HttpContext context, TimeProvider time, CancellationToken cancellationToken)
    {
        var flush = context.Response.BodyWriter.FlushAsync(cancellationToken);
        if (flush.IsCompletedSuccessfully)
            return flush.Result.IsCompleted;
        try
        {
            return (await flush.AsTask().WaitAsync(Longest, time, cancellationToken)).IsCompleted;
        }
        catch (TimeoutException)
        {
            context.Abort();
            throw new OperationCanceledException("The client takes nothing of the answer.");
        }
    }
}
