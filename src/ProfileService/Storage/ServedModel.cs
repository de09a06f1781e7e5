using ProfileService.Model;

namespace ProfileService.Storage;

/// <summary>The only row of the table <c>served_model</c>: the active model. When another becomes active, every user becomes due.</summary>
internal sealed class ServedModel
{
    public const int OnlyId = 1;

    /// <summary>What the value of <see cref="Model"/> begins with while users are being made due.</summary>
    internal const string Marking = "marking ";

    public int Id { get; init; } = OnlyId;

    /// <summary>The stamp of the model; see <see cref="MarkingOf"/> for the time while its users are being made due.</summary>
    public required string Model { get; set; }

    /// <summary>
    /// The value of <see cref="Model"/> until every user is due; if that is interrupted, any process with the model resumes it.
    /// </summary>
    public static string MarkingOf(ModelStamp stamp) => $"{Marking}{stamp}";

    /// <summary>Whether a profile may be stored: it must be by the active model.</summary>
    public static bool Allows(string? row, Profile profile) => StampOf(row) is not { } active || active == profile.Stamp;

    /// <summary>The model in a row, while its users are being made due and after; null if there is no row.</summary>
    public static ModelStamp? StampOf(string? row) =>
        row is null ? null : ModelStamp.Parse(row.StartsWith(Marking, StringComparison.Ordinal) ? row[Marking.Length..] : row);
}
