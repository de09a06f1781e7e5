using Microsoft.Extensions.Options;
using ProfileService.Platform;
using ProfileService.Windows;

namespace ProfileService.Sentiment;

/// <summary>
/// The texts that are older than <see cref="WindowOptions.TextTtl"/>: they go out of windows, and their sentiment stays. Without a
/// sentiment package they go, too, and nothing stays.
/// </summary>
/// <param name="sentiment">Is asked only if there are old texts, so that a command need not load the package otherwise.</param>
internal sealed class OldTexts(
    IWindowEraser eraser, IWindowStore windows, IOptions<WindowOptions> options, TimeProvider time, Func<SentimentScorer> sentiment)
{
    /// <summary>How to remove the texts that are old now; null if texts stay as long as their events.</summary>
    public TextRemoval? Removal => options.Value.TextTtl == TimeSpan.Zero
        ? null
        : new TextRemoval(EventTime.FromUtc(time.GetUtcNow().UtcDateTime - options.Value.TextTtl), ScoresOf);

    /// <summary>Goes through all windows once, one after the other. Returns how many had old texts.</summary>
    public async Task<int> RemoveAsync(CancellationToken cancellationToken)
    {
        if (Removal is not { } removal)
            return 0;
        var changed = 0;
        try
        {
            await foreach (var page in windows.ReadUsersAsync(cancellationToken))
            {
                foreach (var user in page)
                    changed += await windows.RemoveTextsAsync(user, removal, cancellationToken) ? 1 : 0;
            }
        }
        finally
        {
            if (changed > 0)
                await eraser.PurgeAsync(CancellationToken.None); // after a failure, too: the next run does not find these windows again
        }

        return changed;
    }

    private RemovedText[] ScoresOf(IReadOnlyList<WindowEvent> events)
    {
        var (removed, scorer) = (new RemovedText[events.Count], sentiment());
        int[] scored = scorer.IsOn ? [.. Enumerable.Range(0, events.Count).Where(i => SentimentScorer.HasSentiment(events[i].Kind))] : [];
        if (scored.Length == 0)
            return removed;
        foreach (var (i, score) in scored.Zip(scorer.Score([.. scored.Select(i => events[i].Text!)])))
            removed[i] = new RemovedText(score);
        return removed;
    }
}
