namespace ProfileService.Client;

/// <summary>
/// The scores of items for many users: [users, items], in the order asked. NaN stands for a user without a profile, for one whose profile
/// cannot be read or computed now, see <see cref="Unavailable"/>, and for an item that is unknown or unavailable.
/// </summary>
public sealed class ScoreMatrix
{
    internal ScoreMatrix(
        IReadOnlyList<string> userIds, IReadOnlyList<string> itemIds, string model, ReadOnlyMemory<float> values, int unavailable) =>
        (UserIds, ItemIds, Model, Values, Unavailable) = (userIds, itemIds, model, values, unavailable);

    /// <summary>The user of each row, as asked.</summary>
    public IReadOnlyList<string> UserIds { get; }

    /// <summary>The item of each column, as asked.</summary>
    public IReadOnlyList<string> ItemIds { get; }

    /// <summary>Name and version of the model that scored. Compare only scores of one model.</summary>
    public string Model { get; }

    /// <summary>All rows, one after the other: users × items numbers.</summary>
    public ReadOnlyMemory<float> Values { get; }

    /// <summary>
    /// Number of users whose profile or events cannot be read now: a store is away, or the window was altered. Above 0, a row of NaN alone
    /// does not say that its user has no profile; <see cref="ProfileServiceClient.RankItemsOfUsersAsync"/> names both kinds of users.
    /// </summary>
    public int Unavailable { get; }

    /// <summary>One user's scores, an item after the other.</summary>
    /// <param name="row">Position in <see cref="UserIds"/>, from 0.</param>
    public ReadOnlyMemory<float> Row(int row) => Values.Slice(row * ItemIds.Count, ItemIds.Count);
}
