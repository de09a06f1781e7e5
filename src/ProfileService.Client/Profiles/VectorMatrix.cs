namespace ProfileService.Client;

/// <summary>The vectors of many users: [users, dimension], a row a user in the order asked. The row of a user without profile is all NaN.</summary>
public sealed class VectorMatrix
{
    internal VectorMatrix(IReadOnlyList<string> userIds, string model, int dimension, ReadOnlyMemory<float> values) =>
        (UserIds, Model, Dimension, Values) = (userIds, model, dimension, values);

    /// <summary>Whose row is which, as asked.</summary>
    public IReadOnlyList<string> UserIds { get; }

    /// <summary>Name and version of the model that computed them.</summary>
    public string Model { get; }

    /// <summary>Numbers of a row.</summary>
    public int Dimension { get; }

    /// <summary>Row after row.</summary>
    public ReadOnlyMemory<float> Values { get; }

    /// <summary>Users without profile, in the order asked.</summary>
    public IEnumerable<string> Missing => UserIds.Where((_, row) => IsMissing(row));

    /// <summary>A user's vector; all NaN where <see cref="IsMissing"/>.</summary>
    public ReadOnlyMemory<float> Row(int row) => Values.Slice(row * Dimension, Dimension);

    /// <summary>Whether the user of this row has no profile.</summary>
    public bool IsMissing(int row) => Dimension > 0 && float.IsNaN(Row(row).Span[0]);

    /// <summary>A copy of the rows; null for a user without profile.</summary>
    public float[]?[] ToRows() => [.. Enumerable.Range(0, UserIds.Count).Select(row => IsMissing(row) ? null : Row(row).ToArray())];
}
