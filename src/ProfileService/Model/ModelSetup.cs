using Microsoft.Extensions.Options;
using ProfileService.Hosting;
using ProfileService.Settings;

namespace ProfileService.Model;

internal static class ModelSetup
{
    public static WebApplicationBuilder AddModel(this WebApplicationBuilder builder)
    {
        builder.Services.AddSettings<ModelOptions>();
        builder.Services.AddSingleton(services =>
        {
            var slot = ActivatorUtilities.CreateInstance<ModelSlot>(services, builder.Configuration.Does(HostingRole.Api));
            slot.Activate(PackagePath(services.GetRequiredService<IOptions<ModelOptions>>().Value.Package));
            return slot;
        });
        builder.Services.AddSingleton<ModelRegistry>();
        builder.Services.AddSingleton(services => new SentimentScorer(
            SentimentOf(services.GetRequiredService<IOptions<ModelOptions>>().Value),
            services.GetRequiredService<ProfileMetrics>(),
            services.GetRequiredService<TimeProvider>()));
        return builder;
    }

    private static SentimentModel? SentimentOf(ModelOptions options) =>
        string.IsNullOrEmpty(options.SentimentPackage) ? null : SentimentModel.Load(PackagePath(options.SentimentPackage), options.Threads);

    // The package that ships lies beside the program; a path of the user's own is relative to where the service was started.
    private static string PackagePath(string package) =>
        Directory.Exists(package) ? package : Path.Combine(AppContext.BaseDirectory, package) is var shipped && Directory.Exists(shipped) ? shipped : package;
}
