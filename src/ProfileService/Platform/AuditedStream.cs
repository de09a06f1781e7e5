namespace ProfileService.Platform;

/// <summary>
/// Feature of a request that the audit log names: for users that come by a stream, too many to be kept until the end of the request.
/// </summary>
/// <param name="write">Writes down some of them; waits for a while where the log has no room.</param>
internal sealed class AuditedStream(Func<IReadOnlyList<string>, int, Task> write)
{
    /// <summary>Writes down users whose data were changed, also if their client has gone since.</summary>
    /// <param name="status">Status of the answer that is to come.</param>
    public Task WriteAsync(IReadOnlyList<string> userIds, int status) => write(userIds, status);
}
