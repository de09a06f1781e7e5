namespace ProfileService.Platform;

/// <summary>
/// Feature of a request that the audit log names: for users that come by a stream, too many to be kept until the end of the request.
/// </summary>
/// <param name="write">Writes down some of them; waits while the log has no room.</param>
internal sealed class AuditedStream(Func<IReadOnlyList<string>, int, CancellationToken, Task> write)
{
    /// <param name="status">Status of the answer that is to come.</param>
    public Task WriteAsync(IReadOnlyList<string> userIds, int status, CancellationToken cancellationToken) =>
        write(userIds, status, cancellationToken);
}
