using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ProfileService.Client;

/// <summary>A body with one object per line, of which it holds a few in memory.</summary>
internal sealed class NdjsonStream<T> : StreamedBody
{
    private const int EnoughBytes = 1 << 14;

    private readonly IAsyncEnumerable<T> _entries;
    private readonly JsonTypeInfo<T> _type;

    public NdjsonStream(IAsyncEnumerable<T> entries, JsonTypeInfo<T> type)
    {
        (_entries, _type) = (entries, type);
        Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var lines = new ArrayBufferWriter<byte>(2 * EnoughBytes);
        using var json = new Utf8JsonWriter(lines, ClientJson.Writer);
        var source = _entries.GetAsyncEnumerator(stop.Token);
        await using (source.ConfigureAwait(false))
        {
            while (await MoveNextAsync(source, () => SendAsync(lines, stream, cancellationToken), stop).ConfigureAwait(false))
            {
                JsonSerializer.Serialize(json, source.Current, _type);
                json.Reset();
                lines.Write("\n"u8);
                if (lines.WrittenCount >= EnoughBytes)
                    await SendAsync(lines, stream, cancellationToken).ConfigureAwait(false);
            }
        }

        await SendAsync(lines, stream, cancellationToken).ConfigureAwait(false);
        EndSent();
    }

    /// <summary>Moves to the next entry. If it is not available yet, the lines before it are sent meanwhile.</summary>
    private static async Task<bool> MoveNextAsync(IAsyncEnumerator<T> source, Func<Task> send, CancellationTokenSource stop)
    {
        var next = source.MoveNextAsync();
        if (next.IsCompleted)
            return await next.ConfigureAwait(false);
        var waiting = next.AsTask();
        try
        {
            await send().ConfigureAwait(false);
        }
        catch
        {
            await stop.CancelAsync().ConfigureAwait(false);
            // An enumerator must not be disposed of while it moves.
            await ((Task)waiting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        return await waiting.ConfigureAwait(false);
    }

    private static async Task SendAsync(ArrayBufferWriter<byte> lines, Stream stream, CancellationToken cancellationToken)
    {
        if (lines.WrittenCount == 0)
            return;
        await stream.WriteAsync(lines.WrittenMemory, cancellationToken).ConfigureAwait(false);
        await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        lines.ResetWrittenCount();
    }
}
