using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using Microsoft.Extensions.Options;
using ProfileService.Platform;

namespace ProfileService.Intake;

/// <summary>Takes in a JSON body: one object or an array of them. All or nothing is read: a body that breaks off stores nothing.</summary>
internal sealed class JsonBodyReader(IngestLimits limits, IOptions<IntakeOptions> options)
{
    private const int BytesOfAByte = 12; // of a body that is made into one document

    private readonly IntakeOptions _options = options.Value;

    /// <exception cref="UnreadableBodyException">The body is empty, no JSON, or too large.</exception>
    public async Task<IngestSummary> ReadAsync<T>(PipeReader body, IIntake<T> intake, CancellationToken cancellationToken)
        where T : class
    {
        using var held = new HeldBody(limits); // until it is stored: parsed it is no smaller
        var summary = new IngestSummary();
        var most = new Most(
            _options.MaxBodyBytes,
            $"A JSON body may have at most {_options.MaxBodyBytes:N0} bytes (Events:MaxBodyBytes). "
            + "Send less at once, or a stream as application/x-ndjson.");
        var batch = await ParseAsync(body, held, most, json => Parse(json, intake, summary), cancellationToken);
        await intake.StoreAsync(batch, summary, cancellationToken);
        return summary;
    }

    /// <summary>What <paramref name="parse"/> makes of the whole body, without a mark before it.</summary>
    /// <exception cref="UnreadableBodyException">The body is empty, no JSON, or too large.</exception>
    public async Task<TResult> ParseAsync<TResult>(
        PipeReader body, int maxBytes, Func<ReadOnlySequence<byte>, TResult> parse, CancellationToken cancellationToken)
    {
        using var held = new HeldBody(limits, BytesOfAByte);
        var most = new Most(maxBytes, $"The body may have at most {maxBytes:N0} bytes at this address. Send less at once.");
        return await ParseAsync(body, held, most, parse, cancellationToken);
    }

    private static async Task<TResult> ParseAsync<TResult>(
        PipeReader body, HeldBody held, Most most, Func<ReadOnlySequence<byte>, TResult> parse, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await ReadAsync(body, cancellationToken);
            var consumed = read.Buffer.End;
            try
            {
                if (read.Buffer.Length > most.Bytes)
                    throw UnreadableBodyException.TooLarge(most.Refusal);
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

    /// <exception cref="BadHttpRequestException">The time for the whole request is over while the body is still coming.</exception>
    private static async ValueTask<ReadResult> ReadAsync(PipeReader body, CancellationToken cancellationToken)
    {
        try
        {
            return await body.ReadAsync(cancellationToken);
        }
        catch (OperationCanceledException e) when (cancellationToken.IsCancellationRequested)
        {
            throw new BadHttpRequestException("The body did not come in time.", StatusCodes.Status408RequestTimeout, e);
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
        json.Read(); // throws where something follows the value
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
                    $"An array may hold at most {_options.MaxArrayLength:N0} {intake.Noun}s (Events:MaxArrayLength). "
                    + "Send several, or a stream as application/x-ndjson.");
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

    /// <summary>How large a body may be, and what a larger one is answered.</summary>
    private sealed record Most(int Bytes, string Refusal);
}
