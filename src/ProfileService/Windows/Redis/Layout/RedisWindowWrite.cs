namespace ProfileService.Windows.Redis.Layout;

/// <summary>What a commit writes to a window's key.</summary>
/// <param name="Start">The whole value; only its head if a tail is written in place. Empty if nothing is written.</param>
/// <param name="TailAt">Offset of the tail; 0 if there is none.</param>
/// <param name="Tail">The newest events; may be empty if events only fell out.</param>
internal readonly record struct RedisWindowWrite(byte[] Start, int TailAt, byte[] Tail)
{
    /// <summary>The window stays as it is.</summary>
    public static RedisWindowWrite None { get; } = new([], 0, []);
}
