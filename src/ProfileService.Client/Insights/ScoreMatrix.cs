namespace ProfileService.Client;

/// <summary>
/// The scores of items for many users: [users, items], in the order asked. NaN stands for a user without a profile, and for an item that is
/// unknown or unavailable.
/// </summary>
public sealed class ScoreMatrix
{
    internal ScoreMatrix(IReadOnlyList<string> userIds, IReadOnlyList<string> itemIds, string model, ReadOnlyMemory<float> values) =>
        (UserIds, ItemIds, Model, Values) = (userIds, itemIds, model, values);

    /// <summary>The user of each row, as asked.</summary>
    public IReadOnlyList<string> UserIds { get; }

    /// <summary>The item of each column, as asked.</summary>
    public IReadOnlyList<string> ItemIds { get; }

    /// <summary>Name and version of the model that scored. Compare only scores of one model.</summary>
    public string Model { get; }

    /// <summary>All rows, one after the other: users × items numbers.</summary>
    public ReadOnlyMemory<float> Values { get; }

    /// <summary>One user's scores, an item after the other.</summary>
    /// <param name="row">Position in <see cref="UserIds"/>, from 0.</param>
    public ReadOnlyMemory<float> Row(int row) => Values.Slice(row * ItemIds.Count, ItemIds.Count);
}
