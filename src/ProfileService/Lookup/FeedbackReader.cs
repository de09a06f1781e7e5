using Microsoft.Extensions.Options;
using ProfileService.Dimensions;
using ProfileService.Sentiment;
using ProfileService.Windows;

namespace ProfileService.Lookup;

/// <summary>Reads the feedback of windows' events. A review without a value speaks by its text.</summary>
internal sealed class FeedbackReader(SentimentScorer sentiment, IOptions<RatingOptions> scale)
{
    /// <returns>One for each event, in their order.</returns>
    public IReadOnlyList<EventFeedback> Read(IReadOnlyList<WindowEvent> events) => Read(events, ScoresOf(events));

    /// <summary>Reads many windows, whose texts are scored together.</summary>
    /// <returns>One for each event of each window, in their order.</returns>
    public IReadOnlyList<IReadOnlyList<EventFeedback>> ReadAll(IReadOnlyList<IReadOnlyList<WindowEvent>> windows)
    {
        var scores = ScoresOf(windows.SelectMany(events => events));
        return [.. windows.Select(events => Read(events, scores))];
    }

    private EventFeedback[] Read(IReadOnlyList<WindowEvent> events, Dictionary<string, float?> scores) =>
    [
        .. events.Select(e => EventFeedback.Of(
            e, SpeaksByText(e) ? scores.GetValueOrDefault(e.Text!) : SentimentOfRemoved(e), scale.Value)),
    ];

    private float? SentimentOfRemoved(WindowEvent e) =>
        sentiment.IsOn && Feedback.SpeaksByText(e.Kind, e.Value) ? e.Removed?.Score : null;

    private static bool SpeaksByText(WindowEvent e) => e.Text is not null && Feedback.SpeaksByText(e.Kind, e.Value);

    private Dictionary<string, float?> ScoresOf(IEnumerable<WindowEvent> events)
    {
        List<string> texts = [.. events.Where(SpeaksByText).Select(e => e.Text!).Distinct(StringComparer.Ordinal)];
        return sentiment.IsOn && texts.Count > 0 ? texts.Zip(sentiment.Score(texts)).ToDictionary(t => t.First, t => t.Second) : [];
    }
}
