namespace ProfileService.Items;

internal static class ItemsSetup
{
    public static WebApplicationBuilder AddItems(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ItemCatalogue>();
        return builder;
    }
}
