using ProfileService.Platform.Settings;

namespace ProfileService.Items;

internal static class ItemsSetup
{
    /// <summary>Stands after what makes the tables and loads the model: the catalogue is read before anything that is added later starts.</summary>
    public static WebApplicationBuilder AddItems(this WebApplicationBuilder builder)
    {
        builder.Services.AddSettings<ItemOptions>();
        builder.Services
            .AddSingleton<ItemCatalogue>()
            .AddSingleton<ItemStore>()
            .AddSingleton<CatalogueReader>()
            .AddSingleton<ItemParser>()
            .AddSingleton<ItemIntake>()
            .AddHostedService<CatalogueKeeper>();
        return builder;
    }
}
