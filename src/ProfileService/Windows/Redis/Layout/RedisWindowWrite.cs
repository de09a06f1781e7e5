namespace ProfileService.Windows.Redis.Layout;

/// <summary>What a commit writes to a window's key.</summary>
/// <param name="Start">The whole value, or its head where a tail is written in place.</param>
/// <param name="TailAt">Where the tail goes; 0 where there is none.</param>
/// <param name="Tail">The newest events; may be empty where events only fell out.</param>
internal readonly record struct RedisWindowWrite(byte[] Start, int TailAt, byte[] Tail);
