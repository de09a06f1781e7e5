using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using ProfileService.Platform;

namespace ProfileService.Host;

/// <summary>
/// Exports metrics and traces by OTLP if the standard OTEL_* variables name an endpoint. Otherwise nothing leaves the process.
/// </summary>
internal static class Telemetry
{
    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ProfileMetrics>();
        if (string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
            return;
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(ProfileMetrics.Name))
            .WithMetrics(metrics => metrics.AddMeter(
                ProfileMetrics.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime"))
            .WithTracing(tracing => tracing.AddSource(ProfileMetrics.Name).AddAspNetCoreInstrumentation().AddProcessor<AnonymousSpans>())
            .UseOtlpExporter();
    }
}
