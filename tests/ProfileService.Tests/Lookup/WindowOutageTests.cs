using Microsoft.Data.Sqlite;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Lookup;

public sealed class WindowOutageTests
{
    /// <summary>Its profile is remembered as up to date, so that only the window tells that the store is away.</summary>
    [Fact]
    public async Task WhatIsComputedWithoutTheWindowIsStale()
    {
        using var service = new TestService(("Lookup:CacheFor", "00:00:10"));
        await service.AcceptAsync(Event(1, item: "yoga-003"));
        await service.FreshAsync("u1");
        Assert.Equal([false, false, false, false], await AreStaleAsync(service));
        using (var raw = new SqliteConnection($"Data Source={Path.Combine(service.DataFolder, "windows.db")};Pooling=False"))
        {
            raw.Open();
            using var command = raw.CreateCommand();
            command.CommandText = "ALTER TABLE windows RENAME TO away";
            command.ExecuteNonQuery();
        }

        Assert.Equal([true, true, true, true], await AreStaleAsync(service));
    }

    private static async Task<IEnumerable<bool>> AreStaleAsync(TestService service)
    {
        Reply[] replies =
        [
            await service.GetAsync("/v1/users/u1/recommendations?excludeSeen=false"),
            await service.GetAsync("/v1/users/u1/predictions"),
            await service.PostAsync("/v1/users/u1/rank", """{"itemIds":["yoga-011"]}"""),
            await service.PostAsync("/v1/rank", """{"userIds":["u1"],"itemIds":["yoga-011"]}"""),
        ];
        Assert.All(replies, reply => Assert.Equal(200, reply.Status));
        return replies.Select(r => (r.Json.TryGetProperty("users", out var users) ? users[0] : r.Json).TryGetProperty("stale", out _));
    }
}
