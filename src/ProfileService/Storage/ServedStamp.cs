namespace ProfileService.Storage;

/// <summary>A row of the table <c>served_stamps</c>: a model that has been active; Redis may still have profiles by it.</summary>
internal sealed class ServedStamp
{
    public required string Model { get; init; }
}
