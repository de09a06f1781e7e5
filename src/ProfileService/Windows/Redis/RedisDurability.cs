using StackExchange.Redis;

namespace ProfileService.Windows.Redis;

/// <summary>What in a Redis server's settings can lose events that were acknowledged.</summary>
internal static class RedisDurability
{
    private static readonly object[] Settings =
        ["GET", "appendonly", "appendfsync", "no-appendfsync-on-rewrite", "maxmemory", "maxmemory-policy"];

    /// <summary>A sentence for each risk; none if 202 means stored.</summary>
    public static async Task<IReadOnlyList<string>> FindRisksAsync(IServer server)
    {
        try
        {
            var reply = (RedisResult[])(await server.ExecuteAsync("CONFIG", Settings))!;
            var settings = reply.Chunk(2).ToDictionary(pair => (string)pair[0]!, pair => (string)pair[1]!);
            return [.. Risks(settings.GetValueOrDefault).Select(risk => $"{EndPointCollection.ToString(server.EndPoint)}: {risk}")];
        }
        catch (Exception e) when (e is RedisServerException or RedisCommandException) // refused, or switched off in the connection string
        {
            return
            [
                $"{EndPointCollection.ToString(server.EndPoint)} does not tell its settings (CONFIG GET). See that it has " +
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
