using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.Extensions.Options;
using ProfileService.Intake;
using ProfileService.Platform;

namespace ProfileService.Privacy.Export;

/// <summary>
/// Writes an export as one JSON object a line: the contents, the lines of each section, the end. If reading fails on the way, the
/// connection is closed, so that the client sees that the answer was cut off.
/// </summary>
/// <param name="contents">The first line.</param>
/// <param name="export">Disposed of after writing, also if that fails.</param>
internal sealed partial class ExportResult(object contents, IReadOnlyList<ExportSection> sections, IAsyncDisposable export) : IResult
{
    private const int FlushAfter = 1 << 16; // bytes

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        await using var _ = export;
        var services = httpContext.RequestServices;
        var stopping = services.GetRequiredService<Drain>().Ended;
        // The server's minimum data rate ends an answer that nobody takes.
        httpContext.Features.Get<IHttpRequestTimeoutFeature>()?.DisableTimeout();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, stopping);
        httpContext.Response.ContentType = BatchEndpoint.Ndjson;
        try
        {
            var options = services.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
            await WriteAsync(httpContext.Response, options, either.Token);
        }
        catch (Exception e) when (StoreFailure.Is(e) || e is OperationCanceledException)
        {
            LogCutOff(services.GetRequiredService<ILogger<ExportResult>>(), StoreFailure.CauseOf(e).Message);
            httpContext.Abort();
        }
    }

    private async Task WriteAsync(HttpResponse response, JsonSerializerOptions options, CancellationToken cancellationToken)
    {
        using var json = new Utf8JsonWriter(response.BodyWriter, new JsonWriterOptions { Encoder = options.Encoder });
        JsonSerializer.Serialize(json, contents, contents.GetType(), options);
        EndLine(json, response);
        var (lines, unflushed) = (0L, 0L);
        foreach (var section in sections)
        {
            await foreach (var line in section.Lines.WithCancellation(cancellationToken))
            {
                unflushed += WriteLine(json, response, section.Name, line, options);
                lines++;
                if (unflushed < FlushAfter)
                    continue;
                await response.BodyWriter.FlushAsync(cancellationToken);
                unflushed = 0;
            }
        }

        WriteLine(json, response, ExportEnd.Section, new ExportEnd(lines), options);
        await response.BodyWriter.FlushAsync(cancellationToken);
    }

    /// <summary>Writes the members of the line after its section; returns the number of bytes.</summary>
    private static long WriteLine(Utf8JsonWriter json, HttpResponse response, string section, object line, JsonSerializerOptions options)
    {
        json.WriteStartObject();
        json.WriteString("section", section);
        foreach (var member in JsonSerializer.SerializeToElement(line, line.GetType(), options).EnumerateObject())
            member.WriteTo(json);
        json.WriteEndObject();
        return EndLine(json, response);
    }

    private static long EndLine(Utf8JsonWriter json, HttpResponse response)
    {
        json.Flush();
        var bytes = json.BytesCommitted + 1;
        json.Reset();
        response.BodyWriter.GetSpan(1)[0] = (byte)'\n';
        response.BodyWriter.Advance(1);
        return bytes;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "An export was cut off: {Reason}")]
    private static partial void LogCutOff(ILogger logger, string reason);
}
