using ProfileService.Model;
using ProfileService.Storage;
using ProfileService.Windows;

namespace ProfileService.Lookup;

/// <summary>Scores items for many users, whose windows are read some at a time, and their texts with them.</summary>
internal sealed class BatchScorer(Recommender recommender, FeedbackReader feedback)
{
    private const int AtATime = 50;

    public async Task<BatchScores> ScoreAsync(
        IReadOnlyList<FoundProfile> users, IReadOnlyList<string?> items, ActiveModel model, CancellationToken cancellationToken)
    {
        var scores = new BatchScores(users, items);
        var selection = recommender.Select(items, model);
        foreach (var some in Enumerable.Range(0, users.Count).Where(user => IsBy(model, users[user])).Chunk(AtATime))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var windows = await Task.WhenAll(some.Select(user => ReadAsync(users[user].Profile!.UserId, cancellationToken)));
            var said = feedback.ReadAll([.. windows.Select(window => window?.Events ?? [])]);
            foreach (var (user, read, ofUser) in some.Zip(windows, said))
            {
                if (read is not { } window)
                {
                    scores.MarkUnreadable(user);
                    continue;
                }

                var vector = VectorBytes.ToFloats(users[user].Profile!.Vector);
                recommender.Score(vector, window.Events, ofUser, model, selection, scores.Begin(user, window.IsStoreAway));
            }
        }

        return scores;
    }

    /// <summary>The window's events; null if it was altered, which costs the other users nothing.</summary>
    private async Task<ReadEvents?> ReadAsync(string userId, CancellationToken cancellationToken)
    {
        try
        {
            return await recommender.ReadAsync(userId, isNeeded: false, cancellationToken);
        }
        catch (UnreadableWindowException)
        {
            return null;
        }
    }

    private static bool IsBy(ActiveModel model, FoundProfile found) =>
        found.Profile is { } profile && model.Stamp.Is(profile.Model, profile.Digest);
}
