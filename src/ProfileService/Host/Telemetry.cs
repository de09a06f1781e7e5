using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using ProfileService.Platform;

namespace ProfileService.Host;

/// <summary>
/// Exports metrics and traces by OTLP if the standard OTEL_* variables name an endpoint for both or one of them. Otherwise nothing leaves
/// the process, and the log never does.
/// </summary>
internal static class Telemetry
{
    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ProfileMetrics>();
        var (metrics, traces) = (HasEndpoint(builder.Configuration, "METRICS_"), HasEndpoint(builder.Configuration, "TRACES_"));
        if (!metrics && !traces)
            return;
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(ProfileMetrics.Name).AddEnvironmentVariableDetector()); // the later one wins
        if (metrics)
        {
            telemetry.WithMetrics(m => m.AddMeter(
                ProfileMetrics.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime"));
        }

        if (traces)
            telemetry.WithTracing(t => t.AddSource(ProfileMetrics.Name).AddAspNetCoreInstrumentation().AddProcessor<AnonymousSpans>());
        telemetry.UseOtlpExporter(); // exports every signal; the filter keeps the log here, because it names users
        builder.Logging.AddFilter<OpenTelemetryLoggerProvider>(category: null, LogLevel.None);
    }

    private static bool HasEndpoint(IConfiguration configuration, string signal) =>
        new[] { "", signal }.Any(s => !string.IsNullOrEmpty(configuration[$"OTEL_EXPORTER_OTLP_{s}ENDPOINT"]));
}
