namespace ProfileService.Platform;

/// <summary>Bytes of request bodies that are held at a time, from when they are read until what they say is stored or looked up.</summary>
internal sealed class BodyLimits(MemoryAtHand memory)
{
    /// <summary>Bytes that any request may hold; only more is counted.</summary>
    public const int FreeBytes = 1 << 16;

    public Bound Held { get; } = new(memory.Bodies);

    public static OverloadedException TooMany() => new("Too many large bodies at once. Try again, or send less at once.");
}
