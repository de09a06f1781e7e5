using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using ProfileService.Windows;
using ProfileService.Windows.Codec;

namespace ProfileService.Tests.Faults;

/// <summary>Services as processes of their own on the same stores, and a client that goes on to the next where one fails.</summary>
internal sealed class ReplicaSet : IDisposable
{
    private const int Posters = 4;
    private const int BatchSize = 100; // small, so that many are still to come when a kill is due
    private static readonly TimeSpan BeforeNextTry = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan NoHang = Eventually.Bound;

    private readonly TempDirectory _data = new();
    private readonly List<ServiceProcess> _services = [];
    private readonly ConcurrentDictionary<long, TaskCompletionSource> _awaited = new();
    private long _acknowledged; // events that were answered 202 so far

    public IReadOnlyList<ServiceProcess> Services => _services;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<ReplicaSet> StartAsync(int count, params string[] settings)
    {
        var set = new ReplicaSet();
        for (var i = 0; i < count; i++)
            set._services.Add(await ServiceProcess.StartAsync(set._data, settings));
        return set;
    }

    /// <summary>Posts all events, in batches, by several clients at once; each batch until somebody acknowledges it.</summary>
    /// <param name="mayEnd">The last batch waits for it, so that events come after every kill, however slow the kills are.</param>
    public Task ReplayAsync(IReadOnlyList<WindowEvent> events, Task? mayEnd = null)
    {
        var batches = new ConcurrentQueue<WindowEvent[]>(events.Chunk(BatchSize));
        return Task.WhenAll(Enumerable.Range(0, Posters).Select(poster => Task.Run(async () =>
        {
            while (batches.TryDequeue(out var batch))
            {
                if (batches.IsEmpty && mayEnd is not null)
                    await mayEnd.WaitAsync(NoHang, TimeProvider.System, Token);
                var body = $"[{string.Join(',', batch.Select(e => e.Json()))}]";
                for (var replica = poster; !await TryPostAsync(_services[replica % _services.Count], body); replica++)
                    await Task.Delay(BeforeNextTry, TimeProvider.System, Token);
                Acknowledge(batch.Length);
            }
        })));
    }

    /// <summary>Told by the poster itself: a look now and then could come when all is posted.</summary>
    public Task UntilAcknowledgedAsync(long events)
    {
        var reached = _awaited.GetOrAdd(events, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        Acknowledge(0); // it may be reached already
        return reached.Task.WaitAsync(NoHang, TimeProvider.System, Token);
    }

    /// <summary>Asserts that a service has exactly the windows that the rules give for the events, and an up-to-date profile of each user.</summary>
    public static async Task<IReadOnlyDictionary<string, ServedUser>> HasAllOfAsync(ServiceProcess service, IReadOnlyList<WindowEvent> events)
    {
        await service.Client.NobodyIsDueAsync();
        var users = new ConcurrentDictionary<string, ServedUser>();
        await Parallel.ForEachAsync(events.GroupBy(e => e.UserId), new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Token }, async (user, _) =>
        {
            var window = JsonElement.Parse(await service.GetAsync($"/v1/users/{user.Key}/window"));
            Assert.Equal(ExpectedDigest(user), window.GetProperty("digest").GetString());
            var profile = JsonElement.Parse(await service.GetAsync($"/v1/users/{user.Key}/profile"));
            Assert.Equal(window.GetProperty("revision").GetInt64(), profile.GetProperty("revision").GetInt64());
            Assert.False(profile.GetProperty("freshness").GetProperty("stale").GetBoolean());
            users[user.Key] = new ServedUser(ExpectedDigest(user), [.. profile.GetProperty("vector").EnumerateArray().Select(x => x.GetDouble())]);
        });
        return users;
    }

    public void Dispose()
    {
        _services.ForEach(s => s.Dispose());
        _data.Dispose();
    }

    private void Acknowledge(int events)
    {
        var all = Interlocked.Add(ref _acknowledged, events);
        foreach (var (count, reached) in _awaited)
            if (all >= count)
                reached.TrySetResult();
    }

    private static async Task<bool> TryPostAsync(ServiceProcess service, string body)
    {
        try
        {
            using var response = await service.PostEventsAsync(body);
            Assert.True(response.StatusCode is HttpStatusCode.Accepted or HttpStatusCode.ServiceUnavailable, $"{response.StatusCode}\n{service.Output}");
            if (response.StatusCode != HttpStatusCode.Accepted)
                return false;
            Assert.Equal(0, JsonElement.Parse(await response.Content.ReadAsStringAsync(Token)).GetProperty("rejected").GetInt64());
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static string ExpectedDigest(IEnumerable<WindowEvent> events)
    {
        var window = Window.Empty(events.First().UserId);
        foreach (var e in events)
            window.Append(e, new WindowOptions(), out _);
        return WindowCodec.Digest(window);
    }
}

/// <summary>What a service answers of a user.</summary>
internal sealed record ServedUser(string Digest, double[] Vector);
