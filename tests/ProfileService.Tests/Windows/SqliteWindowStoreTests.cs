using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using ProfileService.Windows;
using static ProfileService.Tests.TestEvents;

namespace ProfileService.Tests.Windows;

public sealed class SqliteWindowStoreTests : WindowStoreContract
{
    private readonly TempDirectory _directory = new();

    private protected override IWindowStore CreateStore(IOptions<WindowOptions> options, TimeProvider time) =>
        new SqliteWindowStore(_directory.File("windows.db"), options, time);

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _directory.Dispose();
    }
}

public sealed class SqliteWindowStoreDurabilityTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly FakeTimeProvider _time = new(Start);

    [Fact]
    public async Task WindowsAndDueUsersOutliveTheProcess()
    {
        var token = TestContext.Current.CancellationToken;
        using (var store = Open())
            await store.AppendAsync([Event(1)], token);

        using var reopened = Open();
        Assert.Single((await reopened.FindAsync("u1", token))!.Window.Events);
        Assert.Single(await reopened.ClaimDueAsync(10, TimeSpan.FromSeconds(30), token));
    }

    [Fact]
    public async Task AppendThatFailsHalfWayStoresNothing()
    {
        var token = TestContext.Current.CancellationToken;
        using var store = Open();
        await store.AppendAsync([Event(1, user: "broken")], token);
        Execute("UPDATE windows SET events = x'ff' WHERE user_id = 'broken'");

        await Assert.ThrowsAsync<InvalidDataException>(() => store.AppendAsync([Event(1, user: "good"), Event(2, user: "broken")], token));
        Assert.Null(await store.FindAsync("good", token));
        await store.AppendAsync([Event(1, user: "good")], token);
        Assert.NotNull(await store.FindAsync("good", token));
    }

    public void Dispose() => _directory.Dispose();

    private SqliteWindowStore Open() => new(_directory.File("windows.db"), Options.Create(new WindowOptions()), _time);

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_directory.File("windows.db")}");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
