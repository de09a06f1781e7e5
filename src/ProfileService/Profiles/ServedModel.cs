namespace ProfileService.Profiles;

/// <summary>One row: the model that the profiles are kept for. When another becomes active, every user is due.</summary>
internal sealed class ServedModel
{
    public const int OnlyId = 1;

    public int Id { get; init; } = OnlyId;

    public required string Model { get; set; }
}
