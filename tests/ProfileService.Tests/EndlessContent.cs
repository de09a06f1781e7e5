using System.Net;
using System.Text;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests;

/// <summary>A stream of one line, by default an event of the user endless, that goes on until it is told to end or to break off.</summary>
internal sealed class EndlessContent : HttpContent
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string _line;

    public EndlessContent(string? line = null)
    {
        _line = line ?? Event(user: "endless").Json();
        Headers.ContentType = new("application/x-ndjson");
    }

    public void End() => _ended.SetResult();

    public void Break() => _ended.SetException(new IOException("broken off"));

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await stream.WriteAsync(Encoding.UTF8.GetBytes($"{_line}\n{BlankLines.Many}"));
        await stream.FlushAsync();
        await _ended.Task;
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
