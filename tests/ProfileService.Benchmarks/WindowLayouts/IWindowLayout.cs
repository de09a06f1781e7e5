using StackExchange.Redis;

namespace ProfileService.Benchmarks.WindowLayouts;

/// <summary>
/// One way for a window to lie in Redis. An append is what the store has to do for it: with rules in the service, the read that they
/// need and the commit, without the rules themselves; with rules in Lua, the script. It marks the user due and sets the TTL in any case.
/// </summary>
internal interface IWindowLayout
{
    string Name { get; }

    /// <summary>Stores a window as it stands, oldest event first.</summary>
    Task FillAsync(string userId, IReadOnlyList<SampleEvent> events);

    /// <summary>Takes in the newest event; the oldest of a full window falls out.</summary>
    /// <exception cref="InvalidOperationException">The commit was refused.</exception>
    Task AppendAsync(string userId, SampleEvent added);

    /// <summary>Reads revision and events, as a refresh does; returns the number of events.</summary>
    Task<int> ReadAsync(string userId);

    /// <summary>The keys that are the user's own.</summary>
    RedisKey[] KeysOf(string userId);
}
