using ProfileService.Model;

namespace ProfileService.Cli.Evaluation;

/// <summary>Computes the users' profiles as the service does, and ranks the items for each user.</summary>
internal sealed class EvaluationRun(ActiveModel model, PackageItems items, EvaluationInputs inputs)
{
    private readonly ItemRanking _ranking = new(items, model.Manifest.MaxEvents, inputs.Feedback);
    private readonly WindowVectors _vectors = new(model, inputs.Attributes, inputs.Items);

    /// <param name="ranked">Receives the number of users of each batch.</param>
    /// <returns>One result per user, in the same order.</returns>
    public RankedUser[] Run(IReadOnlyList<HeldOut> users, Action<int> ranked, CancellationToken cancellationToken)
    {
        var results = new RankedUser[users.Count];
        _vectors.Compute(
            [.. users.Select(u => u.Context)],
            (index, vector) => results[index] = _ranking.Rank(users[index], vector),
            ranked,
            cancellationToken);
        return results;
    }
}
