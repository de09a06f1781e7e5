namespace ProfileService.Storage;

/// <summary>A row of the table <c>served_stamps</c>: a model that was active once, so that Redis may have profiles by it.</summary>
internal sealed class ServedStamp
{
    public required string Model { get; init; }
}
