using System.Globalization;
using System.Text;
using ProfileService.Benchmarks.Figures;
using ProfileService.Benchmarks.Setup;
using ProfileService.Cli.Load;
using ProfileService.Client;

namespace ProfileService.Benchmarks.Measurements;

/// <summary>What windows take in Redis, by its own count, as a line through users of 1 to 100 events: so much an event, so much a user.</summary>
internal static class RedisMemoryBenchmark
{
    private const int Users = 10_000;
    private const int Groups = 5; // each is measured apart; the spread is theirs
    private const int LongestWindow = 100;
    private const int UsersPerRequest = 20;
    private const int Senders = 4;
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static async Task<IReadOnlyList<Metric>> RunAsync(Bench bench)
    {
        var settings = await bench.Servers.NewStoresAsync();
        using var service = await ServiceUnderTest.StartAsync(settings, ReferencePackage.Served, "--Hosting:Role=Api"); // windows are all it takes
        await using var stores = new ServiceStores(settings);
        var users = Enumerable.Range(0, Users).Select(i => new SampledUser($"{100_000 + i}", 1 + (i / Groups % LongestWindow))).ToList();
        Bench.Tell($"filling it with {Users:N0} users of 1 to {LongestWindow} events");
        await SendAsync(service, users, u => u.Older, bench.Cancellation);
        await SendAsync(service, users, u => u.Newer, bench.Cancellation); // a window that grew has used up some of its room

        var lines = new List<(double Slope, double Intercept)>();
        for (var group = 0; group < Groups; group++)
        {
            var ofGroup = users.Where((_, i) => i % Groups == group).ToList();
            lines.Add(Fit.Line(ofGroup.Select(u => (double)u.Events).ToList(), await WeighAsync(stores, ofGroup)));
        }

        return
        [
            Metric.Of("redis.bytes_per_event", [.. lines.Select(l => l.Slope)], "bytes", Goal.AtMost(64)),
            Metric.Of("redis.bytes_per_user", [.. lines.Select(l => l.Intercept)], "bytes", Goal.AtMost(200)),
        ];
    }

    private static async Task<List<double>> WeighAsync(ServiceStores stores, IReadOnlyList<SampledUser> users)
    {
        var bytes = await Task.WhenAll(users.Select(u => stores.BytesOfAsync(u.Id)));
        return [.. bytes.Select(b => (double)b)];
    }

    private static Task SendAsync(ServiceUnderTest service, IReadOnlyList<SampledUser> users, Func<SampledUser, IEnumerable<string>> events, CancellationToken cancellationToken)
    {
        var client = ProfileServiceClient.Create(service.Url);
        var options = new ParallelOptions { MaxDegreeOfParallelism = Senders, CancellationToken = cancellationToken };
        return Parallel.ForEachAsync(users.Chunk(UsersPerRequest), options, async (some, token) =>
        {
            string[] lines = [.. some.SelectMany(events)];
            if (lines.Length > 0 && (await client.SendEventLinesAsync(Encoding.UTF8.GetBytes(string.Join('\n', lines)), token)).Accepted != lines.Length)
                throw new InvalidOperationException("Not every event was accepted.");
        });
    }

    private sealed record SampledUser(string Id, int Events)
    {
        public IEnumerable<string> Older => Lines.Take(Events / 2);

        public IEnumerable<string> Newer => Lines.Skip(Events / 2);

        private IEnumerable<string> Lines
        {
            get
            {
                var (random, time) = (new Random(int.Parse(Id, CultureInfo.InvariantCulture)), Start);
                for (var i = 0; i < Events; i++)
                {
                    time = time.AddSeconds(random.Next(1, 50_000));
                    yield return LoadEvents.Json(Id, time.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture), random);
                }
            }
        }
    }
}
