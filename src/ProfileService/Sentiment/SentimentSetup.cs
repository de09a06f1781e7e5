using Microsoft.Extensions.Options;
using ProfileService.Model;
using ProfileService.Platform;

namespace ProfileService.Sentiment;

internal static class SentimentSetup
{
    public static WebApplicationBuilder AddSentiment(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(services => new SentimentScorer(
            ModelOf(services.GetRequiredService<IOptions<ModelOptions>>().Value),
            services.GetRequiredService<ProfileMetrics>(),
            services.GetRequiredService<TimeProvider>()));
        builder.Services.AddSingleton(services => ActivatorUtilities.CreateInstance<OldTexts>(
            services, (Func<SentimentScorer>)services.GetRequiredService<SentimentScorer>));
        if (builder.Configuration.Does(HostingRole.Refresh))
            builder.Services.AddSingleton<OldTextWorker>();
        return builder;
    }

    private static SentimentModel? ModelOf(ModelOptions options) =>
        string.IsNullOrEmpty(options.SentimentPackage)
            ? null
            : SentimentModel.Load(PackageFiles.Find(options.SentimentPackage), options.Threads);
}
