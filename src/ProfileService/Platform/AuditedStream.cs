namespace ProfileService.Platform;

/// <summary>
/// Feature of a request that the audit log names: for users that come by a stream, too many to be kept until the end of the request.
/// </summary>
/// <param name="write">Writes down some of them; waits while the log has no room.</param>
internal sealed class AuditedStream(Func<IReadOnlyList<string>, CancellationToken, Task> write)
{
    public Task WriteAsync(IReadOnlyList<string> userIds, CancellationToken cancellationToken) => write(userIds, cancellationToken);
}
