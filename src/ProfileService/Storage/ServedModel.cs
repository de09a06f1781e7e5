using ProfileService.Model;

namespace ProfileService.Storage;

/// <summary>One row: the active model, whose profiles are computed and answered. When another becomes active, every user is due.</summary>
internal sealed class ServedModel
{
    public const int OnlyId = 1;

    private const string Marking = "marking ";

    public int Id { get; init; } = OnlyId;

    /// <summary>The stamp of the model; behind <see cref="MarkingOf"/> while its users are being made due.</summary>
    public required string Model { get; set; }

    /// <summary>The row until every user is due for a model: if a start breaks off, the next one makes up for it.</summary>
    public static string MarkingOf(ModelStamp stamp) => $"{Marking}{stamp}";

    /// <summary>Whether a profile may be stored: one by a superseded model may not.</summary>
    public static bool Allows(string? row, Profile profile) => StampOf(row) is not { } active || active == profile.Stamp;

    /// <summary>The model that a row names, marking or not; null where there is no row.</summary>
    public static ModelStamp? StampOf(string? row) =>
        row is null ? null : ModelStamp.Parse(row.StartsWith(Marking, StringComparison.Ordinal) ? row[Marking.Length..] : row);
}
