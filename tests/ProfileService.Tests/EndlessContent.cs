using System.Net;
using System.Text;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests;

/// <summary>An event stream that goes on until it is told to end.</summary>
internal sealed class EndlessContent : HttpContent
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public EndlessContent() => Headers.ContentType = new("application/x-ndjson");

    public void End() => _ended.SetResult();

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await stream.WriteAsync(Encoding.UTF8.GetBytes(Event(user: "endless").Json() + "\n"));
        await stream.FlushAsync();
        await _ended.Task;
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
