using ProfileService.Cli.Evaluation;
using ProfileService.Lookup;
using ProfileService.Model;
using ProfileService.Windows;

namespace ProfileService.Cli.Tasks;

/// <summary>
/// How well a package guesses the next items of users: smaller losses than others have give away whom it was trained on (membership by
/// loss, Yeom et al., 2018). As membership.py in training.
/// </summary>
internal sealed class Membership(ActiveModel model, PackageItems items, ItemLookup catalogue, FeedbackReader feedback)
{
    private const int Targets = 50; // first events of a user that are asked, after the very first
    private const int HeldOut = 2; // newest events of a user, which training does not learn

    private readonly float[] _scores = new float[items.Vectors.Rows];

    /// <summary>The mean loss of each user with a target, see <see cref="LossOf"/>.</summary>
    public Dictionary<string, double> Losses(IEnumerable<Window> histories, CancellationToken cancellationToken)
    {
        List<(Window Known, int Row)> asked = [.. histories.SelectMany(TargetsOf)];
        var losses = new double[asked.Count];
        new WindowVectors(model, new Dictionary<string, Dictionary<string, string>>(), catalogue).Compute(
            [.. asked.Select(a => a.Known)],
            (index, vector) => losses[index] = LossOf(asked[index].Known, vector, asked[index].Row),
            _ => { },
            cancellationToken);
        return asked.Zip(losses).GroupBy(a => a.First.Known.UserId).ToDictionary(u => u.Key, u => u.Average(a => a.Second));
    }

    /// <summary>What was known before each event of an item that the package knows, and the row of the item.</summary>
    private IEnumerable<(Window Known, int Row)> TargetsOf(Window history)
    {
        for (var end = 1; end < Math.Min(history.Events.Count - HeldOut, 1 + Targets); end++)
        {
            if (items.Vectors.RowOf(history.Events[end].ItemId) is { } row)
                yield return (new Window(history.UserId, [.. history.Events.Take(end)]), row);
        }
    }

    /// <summary>The cross-entropy of the softmax over all items, of the scores of recommendations.</summary>
    private double LossOf(Window known, ReadOnlySpan<float> profile, int target)
    {
        var read = feedback.Read([.. known.Events.TakeLast(model.Manifest.MaxEvents)]);
        items.Score(profile, read, ItemFeedback.Of(read), _scores);
        var (best, total) = ((double)_scores.Max(), 0.0);
        foreach (var score in _scores)
            total += Math.Exp((score - best) / model.Manifest.Temperature);
        return Math.Log(total) + ((best - _scores[target]) / model.Manifest.Temperature);
    }
}
