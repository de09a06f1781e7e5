namespace ProfileService.Client;

/// <summary>A request body that is created while it is sent, and so cannot be sent again.</summary>
internal abstract class StreamedBody : HttpContent
{
    private readonly TaskCompletionSource _sent = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when all of the body has been sent; never if that fails.</summary>
    public Task Sent => _sent.Task;

    protected void EndSent() => _sent.TrySetResult();

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
