using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ProfileService.Host;

/// <summary>
/// <c>/health/live</c>: the process runs. <c>/health/ready</c>: an event posted now would be accepted with 202. Other faults appear in the
/// details as degraded.
/// </summary>
internal static class HealthApi
{
    public const string Live = $"{Section}/live";

    public const string ReadyPath = $"{Section}/ready";

    private const string Section = "/health";

    private static readonly JsonSerializerOptions WithoutNulls =
        new(JsonSerializerOptions.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    private static readonly HealthReport Lives = new(new Dictionary<string, HealthReportEntry>(), TimeSpan.Zero);

    /// <summary>Whether a path is for health checks.</summary>
    public static bool Has(PathString path) => path.StartsWithSegments(Section);

    /// <summary>The routes bypass the middleware, because health checks have limits of their own.</summary>
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.Map(Live, AnswerLiveAsync).ExcludeFromDescription().DisableHttpMetrics().ShortCircuit();
        routes.Map(ReadyPath, AnswerReadyAsync).ExcludeFromDescription().DisableHttpMetrics().ShortCircuit();
    }

    public static Task AnswerLiveAsync(HttpContext context) => WriteAsync(context, Lives);

    public static async Task AnswerReadyAsync(HttpContext context) =>
        await WriteAsync(context, await context.RequestServices.GetRequiredService<Readiness>().ReadAsync(context.RequestAborted));

    private static Task WriteAsync(HttpContext context, HealthReport report)
    {
        var isUnhealthy = report.Status == HealthStatus.Unhealthy;
        context.Response.StatusCode = isUnhealthy ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsJsonAsync(
            new ServiceHealth(
                report.Status.ToString(),
                report.Entries.ToDictionary(e => e.Key, e => new HealthCheck(e.Value.Status.ToString(), e.Value.Description))),
            WithoutNulls,
            context.RequestAborted);
    }
}

/// <summary>Whether the service can store events now.</summary>
/// <param name="Status">Healthy, Degraded or Unhealthy: the worst of the checks.</param>
/// <param name="Checks">Name and result of each check.</param>
internal sealed record ServiceHealth(string Status, IReadOnlyDictionary<string, HealthCheck> Checks);

/// <summary>The result of one check.</summary>
/// <param name="Status">Healthy, Degraded or Unhealthy.</param>
/// <param name="Description">What was found; left out if there is nothing to say.</param>
internal sealed record HealthCheck(string Status, string? Description);
