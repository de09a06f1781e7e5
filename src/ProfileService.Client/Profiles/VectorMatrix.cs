namespace ProfileService.Client;

/// <summary>
/// The vectors of many users: [users, dimension], one row per user in the order asked. The row of a user without a profile is all NaN.
/// </summary>
public sealed class VectorMatrix
{
    internal VectorMatrix(IReadOnlyList<string> userIds, string model, int dimension, ReadOnlyMemory<float> values) =>
        (UserIds, Model, Dimension, Values) = (userIds, model, dimension, values);

    /// <summary>The user of each row, as asked.</summary>
    public IReadOnlyList<string> UserIds { get; }

    /// <summary>Name and version of the model that computed the vectors. Compare only vectors of one model.</summary>
    public string Model { get; }

    /// <summary>Length of a row.</summary>
    public int Dimension { get; }

    /// <summary>All rows, one after the other: users × dimension numbers.</summary>
    public ReadOnlyMemory<float> Values { get; }

    /// <summary>Users without a profile, in the order asked.</summary>
    public IEnumerable<string> Missing => UserIds.Where((_, row) => IsMissing(row));

    /// <summary>One user's vector, of <see cref="Dimension"/> numbers; all NaN if the user has no profile.</summary>
    /// <param name="row">Position in <see cref="UserIds"/>, from 0.</param>
    public ReadOnlyMemory<float> Row(int row) => Values.Slice(row * Dimension, Dimension);

    /// <summary>Whether the user of a row has no profile.</summary>
    /// <param name="row">Position in <see cref="UserIds"/>, from 0.</param>
    public bool IsMissing(int row) => Dimension > 0 && float.IsNaN(Row(row).Span[0]);

    /// <summary>A copy of each row; null for a user without a profile.</summary>
    public float[]?[] ToRows() => [.. Enumerable.Range(0, UserIds.Count).Select(row => IsMissing(row) ? null : Row(row).ToArray())];
}
