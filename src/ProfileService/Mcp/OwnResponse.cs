using Microsoft.AspNetCore.Http.Features;

namespace ProfileService.Mcp;

/// <summary>
/// The response to a request within the process, in memory. The framework's own feature ignores callbacks, by which limits are released.
/// </summary>
internal sealed class OwnResponse : HttpResponseFeature
{
    private readonly Stack<(Func<object, Task> Callback, object State)> _starting = new();
    private readonly Stack<(Func<object, Task> Callback, object State)> _completed = new();

    public OwnResponse() => Writer = new StreamResponseBodyFeature(Content);

    public MemoryStream Content { get; } = new();

    public StreamResponseBodyFeature Writer { get; }

    public override void OnStarting(Func<object, Task> callback, object state) => _starting.Push((callback, state));

    public override void OnCompleted(Func<object, Task> callback, object state) => _completed.Push((callback, state));

    /// <summary>Does what is to be done before the first byte; the bytes are in memory, so that this is the end of the request.</summary>
    public async Task StartAsync()
    {
        await RunAsync(_starting);
        await Writer.CompleteAsync();
    }

    public Task CompleteAsync() => RunAsync(_completed);

    // The last one first, as the server does.
    private static async Task RunAsync(Stack<(Func<object, Task> Callback, object State)> callbacks)
    {
        while (callbacks.TryPop(out var next))
            await next.Callback(next.State);
    }
}
