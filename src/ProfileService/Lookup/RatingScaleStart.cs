using Microsoft.Extensions.Options;
using ProfileService.Dimensions;
using ProfileService.Model;

namespace ProfileService.Lookup;

/// <summary>Warns at the start if the package counted ratings on another scale than the one that this service reads them on.</summary>
internal sealed partial class RatingScaleStart(ModelSlot models, IOptions<RatingOptions> ratings, ILogger<RatingScaleStart> logger)
    : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var (manifest, options) = (models.Current.Manifest, ratings.Value);
        if (manifest.CountedRatings?.Advice(manifest.Id, options.LowestRating, options.HighestRating) is { } advice)
            LogOtherScale(advice);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(Level = LogLevel.Warning, Message = "Ratings are not read as the model was trained to read them. {Advice}")]
    private partial void LogOtherScale(string advice);
}
