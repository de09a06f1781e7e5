using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace ProfileService.Events;

/// <summary>Takes in a JSON body: one event or an array of them. All or nothing is read: a body that breaks off stores nothing.</summary>
internal sealed class JsonEventReader(EventParser parser, EventIngest ingest, IngestLimits limits, IOptions<EventOptions> options)
{
    private readonly EventOptions _options = options.Value;

    /// <exception cref="UnreadableBodyException">The body is empty, no JSON, or too large.</exception>
    public async Task<IngestSummary> ReadAsync(PipeReader body, CancellationToken cancellationToken)
    {
        var summary = new IngestSummary();
        var events = await ParseAsync(body, summary, cancellationToken);
        await ingest.AppendAsync(events, summary, cancellationToken);
        return summary;
    }

    private async Task<ParsedEvents> ParseAsync(PipeReader body, IngestSummary summary, CancellationToken cancellationToken)
    {
        using var held = new HeldBody(limits);
        while (true)
        {
            var read = await body.ReadAsync(cancellationToken);
            var consumed = read.Buffer.End;
            try
            {
                if (read.Buffer.Length > _options.MaxBodyBytes)
                    throw UnreadableBodyException.TooLarge($"A JSON body may have at most {_options.MaxBodyBytes:N0} bytes (Events:MaxBodyBytes). Send less at once, or a stream as application/x-ndjson.");
                held.Grow(read.Buffer.Length);
                if (read.IsCompleted)
                    return Parse(Utf8Bom.Skip(read.Buffer), summary);
                consumed = read.Buffer.Start;
            }
            finally
            {
                body.AdvanceTo(consumed, read.Buffer.End);
            }
        }
    }

    private ParsedEvents Parse(ReadOnlySequence<byte> body, IngestSummary summary)
    {
        if (Blank.Is(body))
            throw UnreadableBodyException.Empty();
        try
        {
            var events = new ParsedEvents();
            var json = EventParser.Reader(body);
            json.Read();
            if (json.TokenType == JsonTokenType.StartArray)
                ParseArray(ref json, events, summary);
            else
                ParseOne(ref json, 0, events, summary);
            json.Read(); // throws where something follows the value
            return events;
        }
        catch (JsonException e)
        {
            throw UnreadableBodyException.Malformed(e);
        }
    }

    private void ParseArray(ref Utf8JsonReader json, ParsedEvents events, IngestSummary summary)
    {
        for (var index = 0L; json.Read() && json.TokenType != JsonTokenType.EndArray; index++)
        {
            if (index == _options.MaxArrayLength)
                throw UnreadableBodyException.TooLarge($"An array may hold at most {_options.MaxArrayLength:N0} events (Events:MaxArrayLength). Send several, or a stream as application/x-ndjson.");
            ParseOne(ref json, index, events, summary);
        }
    }

    private void ParseOne(ref Utf8JsonReader json, long index, ParsedEvents events, IngestSummary summary)
    {
        if (parser.Parse(ref json, index, out var problem) is { } parsed)
            events.Add(index, parsed);
        else
            summary.Reject(problem!);
    }
}
