using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using Microsoft.Extensions.Options;
using ProfileService.Platform;

namespace ProfileService.Intake;

/// <summary>Reads a JSON body: one object or an array of objects. Nothing is stored if the body is incomplete.</summary>
internal sealed class JsonBodyReader(IngestLimits limits, IOptions<IntakeOptions> options)
{
    private const int DocumentFactor = 12; // bytes of a JSON document in memory for each byte of its text

    private readonly IntakeOptions _options = options.Value;

    private SizeLimit LimitOfBatch => new(
        _options.MaxBodyBytes,
        $"A JSON body may have at most {_options.MaxBodyBytes:N0} bytes (Events:MaxBodyBytes). "
        + "Send less at once, or a stream as application/x-ndjson.");

    /// <param name="declared">The size that the request declares; null if it declares none.</param>
    /// <exception cref="UnreadableBodyException">The body is empty, not JSON, or too large.</exception>
    public async Task<IngestSummary> ReadAsync<T>(PipeReader body, long? declared, IIntake<T> intake, CancellationToken cancellationToken)
        where T : class
    {
        using var held = new BufferedBody(limits); // counts until the batch is stored, because the parsed entries are not smaller
        var summary = new IngestSummary();
        var batch = await ReadWholeAsync(
            body, declared, held, LimitOfBatch, json => Parse(json, intake, summary), cancellationToken);
        await intake.StoreAsync(batch, summary, cancellationToken);
        return summary;
    }

    /// <summary>Parses a body that is in memory already, such as the value of a message; null if there is none.</summary>
    /// <exception cref="UnreadableBodyException">The body is empty, not JSON, or too large.</exception>
    public ParsedBatch<T> Parse<T>(byte[]? body, IIntake<T> intake, IngestSummary summary)
        where T : class
    {
        LimitOfBatch.Check(body?.Length);
        return Parse(Utf8Bom.Skip(new ReadOnlySequence<byte>(body ?? [])), json => Parse(json, intake, summary));
    }

    /// <summary>Reads the whole body, skips a byte order mark, and returns the result of <paramref name="parse"/>.</summary>
    /// <param name="declared">The size that the request declares; null if it declares none.</param>
    /// <exception cref="UnreadableBodyException">The body is empty, not JSON, or too large.</exception>
    public async Task<TResult> ParseAsync<TResult>(
        PipeReader body,
        long? declared,
        int maxBytes,
        Func<ReadOnlySequence<byte>, TResult> parse,
        CancellationToken cancellationToken)
    {
        using var held = new BufferedBody(limits);
        var limit = new SizeLimit(maxBytes, $"The body may have at most {maxBytes:N0} bytes at this address. Send less at once.");
        return await ReadWholeAsync(body, declared, held, limit, json =>
        {
            held.Grow(json.Length * DocumentFactor); // not before all of it is here: a client that stalls keeps nobody else out
            return parse(json);
        }, cancellationToken);
    }

    private static async Task<TResult> ReadWholeAsync<TResult>(
        PipeReader body,
        long? declared,
        BufferedBody held,
        SizeLimit limit,
        Func<ReadOnlySequence<byte>, TResult> parse,
        CancellationToken cancellationToken)
    {
        limit.Check(declared); // a client that asks before it sends need not send it
        while (true)
        {
            var read = await ReadAsync(body, cancellationToken);
            var consumed = read.Buffer.End;
            try
            {
                limit.Check(read.Buffer.Length);
                held.Grow(read.Buffer.Length);
                if (read.IsCompleted)
                    return Parse(Utf8Bom.Skip(read.Buffer), parse);
                consumed = read.Buffer.Start;
            }
            finally
            {
                body.AdvanceTo(consumed, read.Buffer.End);
            }
        }
    }

    /// <exception cref="BadHttpRequestException">The request timed out before the whole body arrived.</exception>
    private static async ValueTask<ReadResult> ReadAsync(PipeReader body, CancellationToken cancellationToken)
    {
        try
        {
            return await RequestBody.ReadAsync(body, cancellationToken);
        }
        catch (OperationCanceledException e) when (cancellationToken.IsCancellationRequested)
        {
            throw new BadHttpRequestException("The body did not arrive in time.", StatusCodes.Status408RequestTimeout, e);
        }
    }

    private static TResult Parse<TResult>(ReadOnlySequence<byte> body, Func<ReadOnlySequence<byte>, TResult> parse)
    {
        if (Blank.Is(body))
            throw UnreadableBodyException.Empty();
        try
        {
            return parse(body);
        }
        catch (JsonException e)
        {
            throw UnreadableBodyException.Malformed(e);
        }
    }

    private ParsedBatch<T> Parse<T>(ReadOnlySequence<byte> body, IIntake<T> intake, IngestSummary summary)
        where T : class
    {
        var batch = new ParsedBatch<T>();
        var json = JsonText.Reader(body);
        json.Read();
        if (json.TokenType == JsonTokenType.StartArray)
            ParseArray(ref json, intake, batch, summary);
        else
            ParseOne(ref json, 0, intake, batch, summary);
        json.Read(); // throws if something follows the value
        return batch;
    }

    private void ParseArray<T>(ref Utf8JsonReader json, IIntake<T> intake, ParsedBatch<T> batch, IngestSummary summary)
        where T : class
    {
        for (var index = 0L; json.Read() && json.TokenType != JsonTokenType.EndArray; index++)
        {
            if (index == _options.MaxArrayLength)
            {
                throw UnreadableBodyException.TooLarge(
                    $"An array may have at most {_options.MaxArrayLength:N0} {intake.Noun}s (Events:MaxArrayLength). "
                    + "Send several arrays, or a stream as application/x-ndjson.");
            }

            ParseOne(ref json, index, intake, batch, summary);
        }
    }

    private static void ParseOne<T>(ref Utf8JsonReader json, long index, IIntake<T> intake, ParsedBatch<T> batch, IngestSummary summary)
        where T : class
    {
        if (intake.Parse(ref json, index, summary.Unknown, out var problem) is { } parsed)
            batch.Add(index, parsed);
        else
            summary.Reject(problem!);
    }

    /// <summary>Maximum size of a body, and the detail of the response to a larger one.</summary>
    private sealed record SizeLimit(int Bytes, string Refusal)
    {
        /// <exception cref="UnreadableBodyException">There are more bytes.</exception>
        public void Check(long? bytes)
        {
            if (bytes > Bytes)
                throw UnreadableBodyException.TooLarge(Refusal);
        }
    }
}
