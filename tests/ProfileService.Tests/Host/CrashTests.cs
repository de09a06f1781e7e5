using System.Text.Json;
using Microsoft.Data.Sqlite;
using ProfileService.Windows;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Host;

/// <summary>The service as a process: killed and stopped in the middle of its work.</summary>
[Needs(Need.Process)]
public sealed class CrashTests : IDisposable
{
    private const int Users = 40;
    private const string Claimed = "SELECT count(*) FROM due WHERE lease_until IS NOT NULL";

    private readonly TempDirectory _data = new();

    [Theory]
    [InlineData(3)]
    [InlineData(40)]
    public async Task KilledServiceLosesNothingThatItAcknowledged(int acknowledgedBeforeKill)
    {
        var acknowledged = new List<WindowEvent>();
        string[] settings = ["--Windows:MaxEvents=10000", "--Refresh:Lease=00:00:01"];
        using (var service = await ServiceProcess.StartAsync(_data, settings))
        {
            var posters = Enumerable.Range(0, 4).Select(p => PostUntilItDiesAsync(service, p, acknowledged)).ToList();
            await Eventually.IsTrueAsync(() => Task.FromResult(Count(acknowledged) >= 25 * acknowledgedBeforeKill));
            await service.KillAsync();
            await Task.WhenAll(posters);
        }

        using var again = await ServiceProcess.StartAsync(_data, settings);
        foreach (var user in acknowledged.GroupBy(e => e.UserId))
        {
            var window = JsonElement.Parse(await again.GetAsync($"/v1/users/{user.Key}/window"));
            var stored = window.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("eventId").GetString()).ToHashSet();
            Assert.All(user, e => Assert.Contains(e.EventId, stored));
        }

        await again.Client.NobodyIsDueAsync();
        foreach (var user in acknowledged.Select(e => e.UserId).Distinct())
        {
            var revision = JsonElement.Parse(await again.GetAsync($"/v1/users/{user}/window")).GetProperty("revision").GetInt64();
            Assert.Equal(revision, JsonElement.Parse(await again.GetAsync($"/v1/users/{user}/profile")).GetProperty("revision").GetInt64());
        }
    }

    [Fact]
    public async Task StoppedServiceFinishesTheBatchInHand()
    {
        const int users = 500;
        using var service = await ServiceProcess.StartAsync(_data, "--Refresh:MaxBatch=16");
        Assert.Equal(202, (int)(await service.PostEventsAsync(Event(1, "u0").Json())).StatusCode);
        await service.Client.NobodyIsDueAsync();
        Task<int> stop;
        using (LockProfiles()) // keeps the batches in hand until the service was told to stop
        {
            var events = Enumerable.Range(0, users).Select(i => Event(i, $"u{i}").Json());
            Assert.Equal(202, (int)(await service.PostEventsAsync(string.Join('\n', events), "application/x-ndjson")).StatusCode);
            await Eventually.IsTrueAsync(() => Task.FromResult(Scalar(Claimed) > 0));
            stop = service.StopAsync();
            await Eventually.IsTrueAsync(() => Task.FromResult(service.Output.Contains("is shutting down", StringComparison.Ordinal)));
        }

        Assert.Equal(0, await stop);
        Assert.InRange(Scalar("SELECT count(*) FROM due"), 1, users - 1);
        Assert.Equal(0, Scalar(Claimed));

        using var again = await ServiceProcess.StartAsync(_data);
        await again.Client.NobodyIsDueAsync();
        Assert.Equal(users, Scalar("SELECT count(*) FROM profiles", "profiles.db"));
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _data.Dispose();
    }

    private static async Task PostUntilItDiesAsync(ServiceProcess service, int poster, List<WindowEvent> acknowledged)
    {
        for (var batch = 0; ; batch++)
        {
            var events = Enumerable.Range(0, 25).Select(i => Event((batch * 25) + i, $"u{(batch + i) % Users}", $"p{poster}-{batch}-{i}")).ToArray();
            try
            {
                using var response = await service.PostEventsAsync($"[{string.Join(',', events.Select(e => e.Json()))}]");
                Assert.Equal(202, (int)response.StatusCode);
            }
            catch (HttpRequestException)
            {
                return;
            }

            lock (acknowledged)
                acknowledged.AddRange(events);
        }
    }

    private static int Count(List<WindowEvent> events)
    {
        lock (events)
            return events.Count;
    }

    private SqliteConnection LockProfiles()
    {
        var connection = new SqliteConnection($"Data Source={_data.File("profiles.db")};Pooling=False");
        connection.Open();
        connection.BeginTransaction();
        return connection;
    }

    private long Scalar(string sql, string file = "windows.db")
    {
        using var connection = new SqliteConnection($"Data Source={_data.File(file)}");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }
}
