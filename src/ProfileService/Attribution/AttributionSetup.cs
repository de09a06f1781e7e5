using ProfileService.Platform;

namespace ProfileService.Attribution;

internal static class AttributionSetup
{
    public static WebApplicationBuilder AddAttribution(this WebApplicationBuilder builder)
    {
        builder.Services
            .AddSingleton<RecommendationIds>()
            .AddSingleton<OutcomeCounter>()
            .AddSingleton<Outcomes>()
            .AddSingleton<OutcomeWorker>();
        if (builder.UsesRedis())
            builder.Services.AddSingleton<IOutcomeStore, RedisOutcomeStore>();
        else
            builder.Services.AddSingleton<IOutcomeStore, SqliteOutcomeStore>();
        return builder;
    }
}
