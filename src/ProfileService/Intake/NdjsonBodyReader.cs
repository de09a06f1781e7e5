using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using Microsoft.Extensions.Options;
using ProfileService.Platform;

namespace ProfileService.Intake;

/// <summary>
/// Takes in a stream, one JSON object a line, in bounded memory: whatever its length, it holds one batch and at most
/// one line. A line that cannot be read costs the others nothing; batches already stored stay when the stream breaks off.
/// </summary>
internal sealed class NdjsonBodyReader(IngestLimits limits, IOptions<IntakeOptions> options)
{
    private const int MaxBatch = 1_000;
    private const int MaxBatchBytes = 1 << 20;

    /// <exception cref="UnreadableBodyException">No line of the body can be read.</exception>
    public async Task<IngestSummary> ReadAsync<T>(PipeReader body, IIntake<T> intake, CancellationToken cancellationToken)
        where T : class
    {
        using var held = new HeldBody(limits);
        var stream = new Stream<T>(intake, options.Value.MaxLineBytes);
        while (true)
        {
            if (!body.TryRead(out var read))
            {
                await StoreAsync(stream, held, intake, cancellationToken); // nothing more has come yet: what has is not kept waiting
                read = await body.ReadAsync(cancellationToken);
            }

            var rest = read.Buffer;
            try
            {
                while (stream.TakeLine(ref rest, read.IsCompleted))
                {
                    if (stream.Batch.Count >= MaxBatch || stream.BatchBytes >= MaxBatchBytes || !held.TryGrow(stream.BatchBytes))
                        await StoreAsync(stream, held, intake, cancellationToken); // sooner where memory is scarce
                }

                held.Grow(stream.BatchBytes + rest.Length); // a long line that has no end yet
            }
            finally
            {
                body.AdvanceTo(rest.Start, rest.End);
            }

            if (read.IsCompleted)
                break;
        }

        await StoreAsync(stream, held, intake, cancellationToken);
        return stream.ThrowIfUnreadable();
    }

    private static async Task StoreAsync<T>(Stream<T> stream, HeldBody held, IIntake<T> intake, CancellationToken cancellationToken)
        where T : class
    {
        await intake.StoreAsync(stream.Batch, stream.Summary, cancellationToken);
        stream.StartBatch();
        held.Release();
    }

    /// <summary>Where one stream stands.</summary>
    private sealed class Stream<T>(IIntake<T> intake, int maxLineBytes)
        where T : class
    {
        private long _line;
        private long _index;
        private bool _skipping; // in a line that is too long, up to its end
        private long _unreadable;
        private UnreadableBodyException? _firstUnreadable;

        public IngestSummary Summary { get; } = new();

        public ParsedBatch<T> Batch { get; } = new();

        public long BatchBytes { get; private set; }

        public void StartBatch()
        {
            Batch.Clear();
            BatchBytes = 0;
        }

        /// <summary>
        /// Takes one line off <paramref name="rest"/>, or all of it where a line too long is skipped; false where more must come first.
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

        /// <summary>A body of which every line is unreadable is no stream of objects.</summary>
        public IngestSummary ThrowIfUnreadable()
        {
            if (_index == 0)
                throw UnreadableBodyException.Empty();
            return _unreadable == _index ? throw _firstUnreadable! : Summary;
        }

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
                json.Read(); // throws where something follows the object
                if (parsed is not null)
                    Batch.Add(_index, parsed);
                else
                    Summary.Reject(problem!);
                _index++;
            }
            catch (JsonException e)
            {
                _unreadable++;
                _firstUnreadable ??= UnreadableBodyException.Malformed(e, _line);
                Reject(
                    "malformed_json",
                    $"Line {_line} is no valid JSON at byte {e.BytePositionInLine + 1}: {UnreadableBodyException.Reason(e)}");
            }
        }

        private void Reject(string code, string detail) => Summary.Reject(new EntryProblem(_index++, code, null, detail));
    }
}
