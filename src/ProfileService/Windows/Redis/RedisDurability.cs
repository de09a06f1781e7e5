using StackExchange.Redis;

namespace ProfileService.Windows.Redis;

/// <summary>Finds settings of a Redis server that can lose acknowledged events.</summary>
internal static class RedisDurability
{
    private static readonly object[] GetSettings =
        ["GET", "appendonly", "appendfsync", "no-appendfsync-on-rewrite", "maxmemory", "maxmemory-policy"];

    /// <summary>One sentence per risk; empty if a response of 202 means that the events survive a crash of the server.</summary>
    public static async Task<IReadOnlyList<string>> FindRisksAsync(IServer server)
    {
        var address = EndPointCollection.ToString(server.EndPoint);
        try
        {
            var reply = (RedisResult[])(await server.ExecuteAsync("CONFIG", GetSettings))!;
            var settings = reply.Chunk(2).ToDictionary(pair => (string)pair[0]!, pair => (string)pair[1]!);
            return [.. Risks(settings.GetValueOrDefault).Select(risk => $"{address}: {risk}")];
        }
        catch (Exception e) when (e is RedisServerException or RedisCommandException) // refused, or disabled in the connection string
        {
            return
            [
                $"{address} does not tell its settings (CONFIG GET). See that it has " +
                "appendonly yes, appendfsync always and maxmemory-policy noeviction; then set Windows:DurabilityIsKnown=true.",
            ];
        }
    }

    private static IEnumerable<string> Risks(Func<string, string?> setting)
    {
        if (setting("appendonly") != "yes")
            yield return "appendonly is off, so that a restart loses acknowledged events. Set appendonly yes and appendfsync always.";
        else if (setting("appendfsync") is var sync && sync != "always")
            yield return $"appendfsync is {sync}, so that a crash loses the last seconds of acknowledged events. Set appendfsync always.";
        else if (setting("no-appendfsync-on-rewrite") == "yes")
            yield return "no-appendfsync-on-rewrite is yes, so that a crash during a rewrite loses acknowledged events. Set it to no.";
        if (setting("maxmemory") != "0" && setting("maxmemory-policy") is var policy && policy != "noeviction")
            yield return $"maxmemory-policy is {policy}, so that a full server drops windows. Set maxmemory-policy noeviction.";
    }
}
