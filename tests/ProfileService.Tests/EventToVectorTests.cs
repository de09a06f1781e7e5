using System.Text.Json;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests;

/// <summary>The service as it ships, with the starter model, through HTTP from event to vector.</summary>
[Needs(Need.Server)]
public sealed class EventToVectorTests(TestServers servers)
{
    private const int Users = 12;

    [Fact]
    public async Task DemoEventsGiveEveryUserAProfileOfUnitLength()
    {
        using var service = new TestService(Starter);
        var lines = File.ReadLines(Repository.Path("demo/events.ndjson")).Take(3_000).ToList();
        var reply = await service.PostAsync("/v1/events", string.Join('\n', lines), "application/x-ndjson");
        Assert.Equal(lines.Count, reply.Json.GetProperty("accepted").GetInt32());

        var users = lines.Select(l => JsonElement.Parse(l).GetProperty("userId").GetString()!).Distinct().ToList();
        await service.Client.NobodyIsDueAsync();
        var found = (await service.PostAsync("/v1/profiles/lookup", JsonSerializer.Serialize(new { userIds = users }))).Json;
        Assert.Equal(users.Count, found.GetProperty("profiles").GetArrayLength());
        Assert.All(found.GetProperty("profiles").EnumerateArray(), profile =>
            Assert.Equal(1, Math.Sqrt(profile.GetProperty("vector").EnumerateArray().Sum(x => x.GetDouble() * x.GetDouble())), 1e-4));
    }

    [Fact]
    public async Task OrderRepetitionAndBatchingShowNeitherInDigestsNorInVectors()
    {
        var random = new Random(11);
        var events = Enumerable.Range(0, 2_000)
            .Select(i => Event(random.Next(100 * 86_400) - (100 * 86_400), $"u{random.Next(Users)}", $"i{random.Next(300)}", random.Next(3) == 0 ? "cart" : "view", random.Next(4) == 0 ? $"e{i}" : null, $"c{random.Next(9)}", random.Next(2) == 0 ? random.Next(100) : null).Json())
            .ToList();
        var shuffled = events.Concat(events.Where(_ => random.Next(3) == 0)).ToArray();
        random.Shuffle(shuffled);

        var first = await PostAsync([new TestService(Starter)], events.Chunk(1_000));
        var second = await PostAsync([new TestService(Starter)], Batches(shuffled, random));
        AssertSame(first, second);
        Assert.Equal(Users, first.Select(u => u.Digest).Distinct().Count());
    }

    [Fact]
    public async Task EveryStoreGivesTheSameDigestsAndVectors()
    {
        var random = new Random(12);
        var events = Enumerable.Range(0, 2_000)
            .Select(i => Event(random.Next(100 * 86_400) - (100 * 86_400), $"u{random.Next(Users)}", $"i{random.Next(300)}", id: random.Next(4) == 0 ? $"e{i}" : null, category: $"c{random.Next(9)}").Json())
            .ToList();
        var redis = await servers.RedisAsync();
        await using var cluster = await RedisCluster.StartAsync();
        var postgres = await servers.PostgresAsync();
        (string, string)[] single = [.. Starter, ("ConnectionStrings:Redis", redis.ConnectionString(redis.TakeDatabase())), ("ConnectionStrings:Postgres", await postgres.CreateDatabaseAsync())];
        (string, string)[] clustered = [.. Starter, ("ConnectionStrings:Redis", cluster.ConnectionString), ("ConnectionStrings:Postgres", await postgres.CreateDatabaseAsync())];

        var onSqlite = await PostAsync([new TestService(Starter)], events.Chunk(1_000));
        AssertSame(onSqlite, await PostAsync([new TestService(single)], events.Chunk(100)));
        AssertSame(onSqlite, await PostAsync([new TestService(clustered), new TestService(clustered)], events.Chunk(100)));
    }

    private static (string, string)[] Starter => [("Model:Package", Repository.StarterPackage)];

    private static void AssertSame(List<(string Digest, double[] Vector)> first, List<(string Digest, double[] Vector)> second)
    {
        Assert.Equal(first.Select(u => u.Digest), second.Select(u => u.Digest));
        Assert.All(first.Zip(second), pair => Assert.All(pair.First.Vector.Zip(pair.Second.Vector), x => Assert.Equal(x.First, x.Second, 1e-5)));
    }

    private static IEnumerable<string[]> Batches(string[] events, Random random)
    {
        for (var at = 0; at < events.Length;)
        {
            var batch = events.Skip(at).Take(random.Next(1, 200)).ToArray();
            at += batch.Length;
            yield return batch;
        }
    }

    /// <summary>Posts to all the services at once, each a share, and asks the last what came of it; disposes of them.</summary>
    private static async Task<List<(string Digest, double[] Vector)>> PostAsync(TestService[] services, IEnumerable<string[]> batches)
    {
        try
        {
            await Task.WhenAll(batches.Select(async (batch, i) =>
                Assert.Equal(202, (await services[i % services.Length].PostAsync("/v1/events", $"[{string.Join(',', batch)}]")).Status)));
            var users = new List<(string, double[])>();
            for (var u = 0; u < Users; u++)
            {
                var profile = (await services[^1].FreshAsync($"u{u}")).Json;
                Assert.False(profile.GetProperty("freshness").GetProperty("stale").GetBoolean());
                users.Add((
                    (await services[^1].GetAsync($"/v1/users/u{u}/window")).Json.GetProperty("digest").GetString()!,
                    [.. profile.GetProperty("vector").EnumerateArray().Select(x => x.GetDouble())]));
            }

            return users;
        }
        finally
        {
            Array.ForEach(services, s => s.Dispose());
        }
    }
}
