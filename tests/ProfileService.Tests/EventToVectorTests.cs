using System.Text.Json;
using static ProfileService.Tests.TestEvents;

namespace ProfileService.Tests;

/// <summary>The service as it ships, with the starter model, through HTTP from event to vector.</summary>
public sealed class EventToVectorTests
{
    private const int Users = 12;

    [Fact]
    public async Task DemoEventsGiveEveryUserAProfileOfUnitLength()
    {
        using var service = new TestService(("Model:Package", Repository.StarterPackage));
        var lines = File.ReadLines(Repository.Path("demo/events.ndjson")).Take(3_000).ToList();
        var reply = await service.PostAsync("/v1/events", string.Join('\n', lines), "application/x-ndjson");
        Assert.Equal(lines.Count, reply.Json.GetProperty("accepted").GetInt32());

        var users = lines.Select(l => JsonElement.Parse(l).GetProperty("userId").GetString()!).Distinct().ToList();
        await Eventually.IsTrueAsync(async () => (await service.GetAsync("/v1/status")).Json.GetProperty("due").GetInt64() == 0);
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

        var first = await PostAsync(events.Chunk(1_000));
        var second = await PostAsync(Batches(shuffled, random));
        Assert.Equal(first.Select(u => u.Digest), second.Select(u => u.Digest));
        Assert.All(first.Zip(second), pair => Assert.All(pair.First.Vector.Zip(pair.Second.Vector), x => Assert.Equal(x.First, x.Second, 1e-5)));
        Assert.Equal(Users, first.Select(u => u.Digest).Distinct().Count());
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

    private static async Task<List<(string Digest, double[] Vector)>> PostAsync(IEnumerable<string[]> batches)
    {
        using var service = new TestService(("Model:Package", Repository.StarterPackage));
        foreach (var batch in batches)
            Assert.Equal(202, (await service.PostAsync("/v1/events", $"[{string.Join(',', batch)}]")).Status);
        var users = new List<(string, double[])>();
        for (var u = 0; u < Users; u++)
        {
            var profile = (await service.FreshAsync($"u{u}")).Json;
            Assert.False(profile.GetProperty("freshness").GetProperty("stale").GetBoolean());
            users.Add((
                (await service.GetAsync($"/v1/users/u{u}/window")).Json.GetProperty("digest").GetString()!,
                [.. profile.GetProperty("vector").EnumerateArray().Select(x => x.GetDouble())]));
        }

        return users;
    }
}
