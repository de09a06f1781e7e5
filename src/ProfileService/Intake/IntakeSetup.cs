using ProfileService.Platform.Settings;

namespace ProfileService.Intake;

internal static class IntakeSetup
{
    public static WebApplicationBuilder AddIntake(this WebApplicationBuilder builder)
    {
        builder.Services.AddSettings<IntakeOptions>();
        builder.Services
            .AddSingleton<IngestLimits>()
            .AddSingleton<JsonBodyReader>()
            .AddSingleton<NdjsonBodyReader>()
            .AddSingleton<BatchEndpoint>();
        return builder;
    }
}
