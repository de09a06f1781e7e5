using ProfileService.Model;
using ProfileService.Refresh;

namespace ProfileService.Cli;

/// <summary>Computes the users' profiles as the service does, and ranks the items for each user.</summary>
internal sealed class Evaluation(ActiveModel model, PackageItems items, IReadOnlyDictionary<string, Dictionary<string, string>> attributes)
{
    private const int MaxBatch = 128;
    private static readonly Dictionary<string, string> NoAttributes = [];

    private readonly ItemRanking _ranking = new(items, model.Manifest.MaxEvents);

    /// <param name="ranked">Receives the number of users of each batch.</param>
    /// <returns>One result per user, in the same order.</returns>
    public RankedUser[] Run(IReadOnlyList<HeldOut> users, Action<int> ranked, CancellationToken cancellationToken)
    {
        var results = new RankedUser[users.Count];
        foreach (var batch in LengthGroups.Of(users.Index(), u => LengthOf(u.Item), Math.Min(model.UsersPerRun, MaxBatch)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var inputs = Encode([.. batch.Select(u => u.Item)]);
            using var outputs = model.Run(inputs);
            foreach (var (row, (index, user)) in batch.Index())
                results[index] = _ranking.Rank(user, outputs.Vector(row));
            ranked(batch.Count);
        }

        return results;
    }

    private int LengthOf(HeldOut user) => model.Encoder.LengthOf(user.Context);

    private ModelInputs Encode(HeldOut[] users)
    {
        var batch = model.Encoder.NewBatch(users.Length, users.Max(LengthOf));
        foreach (var (row, user) in users.Index())
            model.Encoder.Encode(user.Context, attributes.GetValueOrDefault(user.Context.UserId, NoAttributes), batch, row);
        return batch;
    }
}
