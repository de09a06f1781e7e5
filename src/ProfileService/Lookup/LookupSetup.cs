using ProfileService.Platform;
using ProfileService.Platform.Settings;

namespace ProfileService.Lookup;

internal static class LookupSetup
{
    public static WebApplicationBuilder AddLookup(this WebApplicationBuilder builder)
    {
        builder.Services.AddSettings<LookupOptions>().Validate(
            o => o.FreshTimeout <= builder.Configuration.Read<HostingOptions>().RequestTimeout,
            "Lookup:FreshTimeout exceeds Hosting:RequestTimeout: a lookup that waits would be 503 instead of stale.");
        builder.Services
            .AddSingleton<LookupParser>()
            .AddSingleton<ProfileMemory>()
            .AddSingleton<ProfileFinder>()
            .AddSingleton<ProfileReader>()
            .AddSingleton<ProfileWriter>()
            .AddSingleton<LookupHandler>()
            .AddSingleton<Explainer>()
            .AddSingleton<NextKinds>()
            .AddSingleton<FeedbackReader>()
            .AddSingleton<ItemIndexes>()
            .AddSingleton<AudienceFinder>()
            .AddSingleton<Recommender>()
            .AddSingleton<PopularFallback>()
            .AddSingleton<ContextComputer>()
            .AddSingleton<RecommendationHandler>()
            .AddSingleton<BatchRankParser>()
            .AddSingleton<BatchScorer>()
            .AddSingleton<BatchRankHandler>()
            .AddSingleton<SessionParser>()
            .AddSingleton<SessionComputer>()
            .AddSingleton<RatingScaleStart>()
            .AddSingleton<WarmUpStart>();
        return builder;
    }
}
