namespace ProfileService.Client;

/// <summary>
/// The vectors of many users: [users, dimension], one row per user in the order asked. The row of a user without a profile is all NaN, and
/// so is that of a user whose profile cannot be read or computed now, see <see cref="Unavailable"/>.
/// </summary>
public sealed class VectorMatrix
{
    internal VectorMatrix(IReadOnlyList<string> userIds, string model, int dimension, ReadOnlyMemory<float> values, int unavailable) =>
        (UserIds, Model, Dimension, Values, Unavailable) = (userIds, model, dimension, values, unavailable);

    /// <summary>The user of each row, as asked.</summary>
    public IReadOnlyList<string> UserIds { get; }

    /// <summary>Name and version of the model that computed the vectors. Compare only vectors of one model.</summary>
    public string Model { get; }

    /// <summary>Length of a row.</summary>
    public int Dimension { get; }

    /// <summary>All rows, one after the other: users × dimension numbers.</summary>
    public ReadOnlyMemory<float> Values { get; }

    /// <summary>
    /// Number of users whose profile cannot be read or computed now: a store is away, or the window was altered. Above 0, a row without a
    /// vector does not say that its user has no profile; <see cref="ProfileServiceClient.LookupAsync"/> names both kinds of users.
    /// </summary>
    public int Unavailable { get; }

    /// <summary>Users without a profile, in the order asked.</summary>
    /// <exception cref="InvalidOperationException">It cannot be told, because some are <see cref="Unavailable"/>.</exception>
    public IEnumerable<string> Missing => Unavailable > 0 ? throw Unknown() : UserIds.Where((_, row) => !HasVector(row));

    /// <summary>One user's vector, of <see cref="Dimension"/> numbers; all NaN if there is none.</summary>
    /// <param name="row">Position in <see cref="UserIds"/>, from 0.</param>
    public ReadOnlyMemory<float> Row(int row) => Values.Slice(row * Dimension, Dimension);

    /// <summary>Whether a row has a vector.</summary>
    /// <param name="row">Position in <see cref="UserIds"/>, from 0.</param>
    public bool HasVector(int row) => Dimension == 0 || !float.IsNaN(Row(row).Span[0]);

    /// <summary>Whether the user of a row has no profile.</summary>
    /// <param name="row">Position in <see cref="UserIds"/>, from 0.</param>
    /// <exception cref="InvalidOperationException">
    /// The row has no vector, and why cannot be told, because some users are <see cref="Unavailable"/>.
    /// </exception>
    public bool IsMissing(int row) => !HasVector(row) && (Unavailable > 0 ? throw Unknown() : true);

    /// <summary>A copy of each row; null for one without a vector.</summary>
    public float[]?[] ToRows() => [.. Enumerable.Range(0, UserIds.Count).Select(row => HasVector(row) ? Row(row).ToArray() : null)];

    private InvalidOperationException Unknown() => new(
        $"Which users have no profile cannot be told: {Unavailable:N0} profiles cannot be read or computed now. Ask LookupAsync, which "
        + "names them.");
}
