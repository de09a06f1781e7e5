using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using Microsoft.Extensions.Options;
using ProfileService.Platform;

namespace ProfileService.Intake;

/// <summary>
/// Reads a stream with one JSON object per line. Its memory is limited to one batch and one line, whatever the length of the stream. An
/// unreadable line does not affect the others. If the stream breaks off, batches that are stored already stay stored.
/// </summary>
internal sealed class NdjsonBodyReader(IngestLimits limits, IOptions<IntakeOptions> options)
{
    private const int MaxBatch = 1_000;
    private const int MaxBatchBytes = 1 << 20;

    /// <exception cref="UnreadableBodyException">The body has no line.</exception>
    public async Task<IngestSummary> ReadAsync<T>(PipeReader body, IIntake<T> intake, CancellationToken cancellationToken)
        where T : class
    {
        using var held = new BufferedBody(limits);
        var stream = new Stream<T>(intake, options.Value.MaxLineBytes);
        while (true)
        {
            if (!RequestBody.TryRead(body, out var read))
            {
                // No more data has arrived yet; the lines that have are not kept waiting.
                await StoreAsync(stream, held, intake, cancellationToken);
                read = await RequestBody.ReadAsync(body, cancellationToken);
            }

            var rest = read.Buffer;
            try
            {
                while (stream.TakeLine(ref rest, read.IsCompleted))
                {
                    if (stream.Batch.Count >= MaxBatch || stream.BatchBytes >= MaxBatchBytes || !held.TryGrow(stream.BatchBytes))
                        await StoreAsync(stream, held, intake, cancellationToken); // a smaller batch if memory is scarce
                }

                held.Grow(stream.BatchBytes + rest.Length); // rest is an incomplete line
            }
            finally
            {
                body.AdvanceTo(rest.Start, rest.End);
            }

            if (read.IsCompleted)
                break;
        }

        await StoreAsync(stream, held, intake, cancellationToken);
        return stream.End();
    }

    private static async Task StoreAsync<T>(Stream<T> stream, BufferedBody held, IIntake<T> intake, CancellationToken cancellationToken)
        where T : class
    {
        await intake.StoreAsync(stream.Batch, stream.Summary, cancellationToken);
        stream.StartBatch();
        held.Release();
    }

    /// <summary>State of one stream.</summary>
    private sealed class Stream<T>(IIntake<T> intake, int maxLineBytes)
        where T : class
    {
        private long _line;
        private long _index;
        private bool _skipping; // the rest of a line that is too long

        public IngestSummary Summary { get; } = new();

        public ParsedBatch<T> Batch { get; } = new();

        public long BatchBytes { get; private set; }

        public void StartBatch()
        {
            Batch.Clear();
            BatchBytes = 0;
        }

        /// <summary>
        /// Removes one line from <paramref name="rest"/>, or all of it while a line that is too long is skipped. Returns false if more data
        /// is needed.
        /// </summary>
        public bool TakeLine(ref ReadOnlySequence<byte> rest, bool isLast)
        {
            if (rest.PositionOf((byte)'\n') is { } end)
            {
                TakeLine(rest.Slice(0, end));
                rest = rest.Slice(rest.GetPosition(1, end));
                return true;
            }

            if (isLast || rest.Length > maxLineBytes)
            {
                var any = !rest.IsEmpty;
                if (any)
                    TakeLine(rest);
                _skipping = !isLast;
                rest = rest.Slice(rest.End);
                return any && isLast;
            }

            return false;
        }

        /// <exception cref="UnreadableBodyException">There was no line.</exception>
        public IngestSummary End() => _index > 0 ? Summary : throw UnreadableBodyException.Empty();

        private void TakeLine(ReadOnlySequence<byte> line)
        {
            if (_skipping)
            {
                _skipping = false;
                return;
            }

            if (_line++ == 0)
                line = Utf8Bom.Skip(line);
            if (line.Length > maxLineBytes)
                Reject($"{intake.Noun}_too_large", $"A line may have at most {maxLineBytes:N0} bytes (Events:MaxLineBytes).");
            else if (!Blank.Is(line))
                Parse(line);
        }

        private void Parse(ReadOnlySequence<byte> line)
        {
            BatchBytes += line.Length;
            try
            {
                var json = JsonText.Reader(line);
                json.Read();
                var parsed = intake.Parse(ref json, _index, Summary.Unknown, out var problem);
                json.Read(); // throws if something follows the object
                if (parsed is not null)
                    Batch.Add(_index, parsed);
                else
                    Summary.Reject(problem!);
                _index++;
            }
            catch (JsonException e)
            {
                Reject(
                    "malformed_json",
                    $"Line {_line} is not valid JSON at byte {e.BytePositionInLine + 1}: {UnreadableBodyException.Reason(e)}");
            }
        }

        private void Reject(string code, string detail) => Summary.Reject(new EntryProblem(_index++, code, null, detail));
    }
}
