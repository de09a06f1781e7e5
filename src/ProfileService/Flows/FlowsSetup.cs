using ProfileService.Platform.Settings;

namespace ProfileService.Flows;

internal static class FlowsSetup
{
    public static WebApplicationBuilder AddFlows(this WebApplicationBuilder builder)
    {
        builder.Services.AddSettings<FlowOptions>();
        builder.Services
            .AddSingleton<FlowSlots>()
            .AddSingleton<ChangeWatch>()
            .AddSingleton<ChangeReader>()
            .AddSingleton<ChangeFeed>()
            .AddSingleton<ProfileExport>();
        return builder;
    }
}
