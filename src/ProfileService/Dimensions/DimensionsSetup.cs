namespace ProfileService.Dimensions;

internal static class DimensionsSetup
{
    public static WebApplicationBuilder AddDimensions(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<DimensionReader>();
        return builder;
    }
}
