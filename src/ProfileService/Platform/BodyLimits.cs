namespace ProfileService.Platform;

/// <summary>
/// Limits the bytes of request bodies in memory. A body counts from the time it is read until the request is done with it.
/// </summary>
internal sealed class BodyLimits(AvailableMemory memory)
{
    /// <summary>Bytes that every request may hold uncounted; only bytes beyond them count.</summary>
    public const int FreeBytes = 1 << 16;

    public Bound Held { get; } = new(memory.Bodies);

    public static OverloadedException TooMany() => new("Too many large request bodies at the same time. Try again, or send less at once.");
}
