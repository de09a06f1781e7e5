using ProfileService.Platform.Settings;

namespace ProfileService.Items;

internal static class ItemsSetup
{
    public static WebApplicationBuilder AddItems(this WebApplicationBuilder builder)
    {
        builder.Services.AddSettings<ItemOptions>();
        builder.Services
            .AddSingleton<ItemCatalogue>()
            .AddSingleton<ItemStore>()
            .AddSingleton<ItemPages>()
            .AddSingleton<CatalogueReader>()
            .AddSingleton<ItemParser>()
            .AddSingleton<ItemIntake>()
            .AddSingleton<CatalogueWorker>()
            .AddSingleton<ItemLearner>()
            .AddSingleton<LearnWorker>();
        return builder;
    }
}
