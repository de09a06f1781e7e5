using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ProfileService.Dimensions;
using ProfileService.Lookup;
using ProfileService.Model;
using ProfileService.Platform;
using ProfileService.Sentiment;

namespace ProfileService.Cli.Data;

/// <summary>Reads the feedback of events as the service does: without a value a review counts by its text, if a package is given.</summary>
internal sealed class ReviewTexts : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly SentimentScorer _scorer;

    /// <param name="package">Folder of the sentiment package; null to read no texts.</param>
    /// <param name="scale">Of the ratings; null for 1 to 5.</param>
    public ReviewTexts(string? package, RatingScale? scale = null)
    {
        var model = package is null ? null : SentimentModel.Load(package, threads: 1);
        _scorer = new SentimentScorer(model, new ProfileMetrics(_services.GetRequiredService<IMeterFactory>()), TimeProvider.System);
        var (lowest, highest) = scale ?? RatingScale.Usual;
        var ratings = new RatingOptions { LowestRating = lowest, HighestRating = highest };
        Feedback = new FeedbackReader(_scorer, Options.Create(ratings));
    }

    public FeedbackReader Feedback { get; }

    public void Dispose()
    {
        _scorer.Dispose();
        _services.Dispose();
    }
}
