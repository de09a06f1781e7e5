using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;
using ProfileService.Intake;
using ProfileService.Windows;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Windows.Sqlite;

/// <summary>What windows in SQLite do beyond the contracts.</summary>
public sealed class SqliteWindowStoreDurabilityTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly FakeTimeProvider _time = new(Start);

    [Fact]
    public async Task WindowsAndDueUsersOutliveTheProcess()
    {
        var token = TestContext.Current.CancellationToken;
        using (var stores = Open())
            await stores.Windows.AppendAsync([Event(1)], token);

        using var reopened = Open();
        Assert.Single((await reopened.Windows.FindAsync("u1", token))!.Window.Events);
        Assert.Single(await reopened.Queue.ClaimDueAsync(10, TimeSpan.FromSeconds(30), token));
    }

    [Fact]
    public async Task UnreadableWindowCostsTheOtherUsersNothing()
    {
        var token = TestContext.Current.CancellationToken;
        using var stores = Open();
        await stores.Windows.AppendAsync([Event(1, user: "broken")], token);
        Execute("UPDATE windows SET events = x'ff' WHERE user_id = 'broken'");

        Assert.Equal(
            [Verdict.Accepted, Verdict.Unreadable, Verdict.Accepted],
            await stores.Windows.AppendAsync([Event(1, user: "good"), Event(2, user: "broken"), Event(2, user: "good")], token));
        Assert.Equal(2, (await stores.Windows.FindAsync("good", token))!.Window.Events.Count);
        await Assert.ThrowsAsync<UnreadableWindowException>(() => stores.Windows.FindAsync("broken", token));
    }

    [Fact]
    public async Task DueUserWithoutAWindowIsForgotten()
    {
        var token = TestContext.Current.CancellationToken;
        using var stores = Open();
        await stores.Windows.AppendAsync([Event(1, user: "real")], token);
        Execute("INSERT INTO due (user_id, due_since) VALUES ('ghost', 0)");
        Assert.Equal(["real"], (await stores.Queue.ClaimDueAsync(10, TimeSpan.FromSeconds(30), token)).Select(c => c.UserId));
        Assert.Equal(1, await stores.Queue.CountDueAsync(token));
    }

    [Fact]
    public async Task WindowLongerThanALoweredLimitTakesOnlyWhatWillStay()
    {
        var token = TestContext.Current.CancellationToken;
        using (var stores = Open())
            await stores.Windows.AppendAsync([.. Enumerable.Range(0, 10).Select(i => Event(2 * i))], token);
        using var lower = Open(maxEvents: 3);
        Assert.Equal([Verdict.Late], await lower.Windows.AppendAsync([Event(13)], token));
        Assert.Equal([Verdict.Accepted], await lower.Windows.AppendAsync([Event(15)], token));
        Assert.Equal(3, (await lower.Windows.FindAsync("u1", token))!.Window.Events.Count);
    }

    public void Dispose() => _directory.Dispose();

    private TestStores Open(int maxEvents = 100) =>
        TestStores.Sqlite(_directory.File("windows.db"), _time, new WindowOptions { MaxEvents = maxEvents });

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_directory.File("windows.db")}");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
