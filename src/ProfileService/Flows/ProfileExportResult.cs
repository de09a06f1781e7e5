using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.Extensions.Options;
using ProfileService.Intake;
using ProfileService.Model;
using ProfileService.Platform;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace ProfileService.Flows;

/// <summary>
/// Writes an export as one JSON object a line. The next page is read while one is written. If reading fails on the way, the connection is
/// closed, so that the client sees that the answer was cut off.
/// </summary>
/// <param name="first">The first page, which was read before the answer begins.</param>
internal sealed partial class ProfileExportResult(
    ProfileExport export, ModelStamp model, ProfileExportHead head, ExportPage first, int? limit, VectorForm form) : IResult
{
    private const int FlushEach = 256; // lines

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var services = httpContext.RequestServices;
        httpContext.Features.Get<IHttpRequestTimeoutFeature>()?.DisableTimeout(); // PatientFlush bounds it
        using var either = CancellationTokenSource.CreateLinkedTokenSource(
            httpContext.RequestAborted, services.GetRequiredService<Drain>().Ended);
        httpContext.Response.ContentType = BatchEndpoint.Ndjson;
        try
        {
            await WriteAsync(httpContext, services.GetRequiredService<IOptions<JsonOptions>>().Value, either.Token);
        }
        catch (Exception e) when (StoreFailure.Is(e) || e is OperationCanceledException)
        {
            LogCutOff(services.GetRequiredService<ILogger<ProfileExportResult>>(), StoreFailure.CauseOf(e).Message);
            httpContext.Abort();
        }
    }

    private async Task WriteAsync(HttpContext context, JsonOptions json, CancellationToken cancellationToken)
    {
        var body = context.Response.BodyWriter;
        var time = context.RequestServices.GetRequiredService<TimeProvider>();
        using var lines = new LineWriter(body, json.SerializerOptions.Encoder, form);
        lines.Write(head, json.SerializerOptions);
        lines.EndLine();
        var (written, page) = (0L, first);
        for (var read = (long)ProfileExport.PageSize; ; read += ProfileExport.PageSize)
        {
            var next = page.Next is { } after && CountAfter(read) is > 0 and var count
                ? Task.Run(() => export.ReadAsync(model, after, count, cancellationToken), cancellationToken)
                : null;
            foreach (var (row, pseudonym) in page.Lines)
            {
                lines.Write(row, pseudonym);
                lines.EndLine();
                if (++written % FlushEach == 0)
                    await context.FlushAsync(time, cancellationToken);
            }

            if (next is null)
                break;
            page = await next;
        }

        lines.Write(new ProfileExportTail(written, page.Next), json.SerializerOptions);
        lines.EndLine();
        await context.FlushAsync(time, cancellationToken);
    }

    /// <summary>How many profiles the page has that comes after so many.</summary>
    private int CountAfter(long read) => (int)Math.Min(ProfileExport.PageSize, (limit ?? long.MaxValue) - read);

    [LoggerMessage(Level = LogLevel.Warning, Message = "An export of profiles was cut off: {Reason}")]
    private static partial void LogCutOff(ILogger logger, string reason);
}
