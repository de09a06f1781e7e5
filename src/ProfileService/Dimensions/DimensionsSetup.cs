using ProfileService.Platform.Settings;

namespace ProfileService.Dimensions;

internal static class DimensionsSetup
{
    public static WebApplicationBuilder AddDimensions(this WebApplicationBuilder builder)
    {
        builder.Services.AddSettings<RatingOptions>()
            .Validate(o => o.HighestRating > o.LowestRating, "Events:HighestRating must be above Events:LowestRating.");
        builder.Services.AddSingleton<DimensionReader>();
        return builder;
    }
}
