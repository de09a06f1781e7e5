using System.Diagnostics;
using Microsoft.Extensions.Options;

namespace ProfileService.Host;

/// <summary>
/// Writes problems to clients whose Accept header names no JSON, with all that others get: the framework's writer passes them over.
/// </summary>
internal sealed class AnyAcceptProblemWriter(IOptions<ProblemDetailsOptions> options) : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) => true;

    public async ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var http = context.HttpContext;
        context.ProblemDetails.Extensions.TryAdd("traceId", Activity.Current?.Id ?? http.TraceIdentifier);
        options.Value.CustomizeProblemDetails?.Invoke(context);
        await http.Response.WriteAsJsonAsync(
            context.ProblemDetails, options: null, "application/problem+json", CancellationToken.None);
    }
}
