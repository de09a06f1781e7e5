using Microsoft.Extensions.Time.Testing;
using ProfileService.Windows;
using ProfileService.Windows.Sqlite;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Windows.Sqlite;

/// <summary>What is written of all users is written page by page: other writes come in between.</summary>
public sealed class SqlitePagesTests : IDisposable
{
    private const int Users = (2 * SqliteWindowRows.PageSize) + 500;

    private readonly FakeTimeProvider _time = new(Start);
    private readonly TestStores _stores;

    public SqlitePagesTests() => _stores = TestStores.OnFile(_time, new WindowOptions());

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _stores.Dispose();

    [Fact]
    public async Task WriteWaitsForOnePageOfIdleWindows()
    {
        await FillAsync();
        _time.Advance(new WindowOptions().IdleTtl);
        Assert.Equal(Users - SqliteWindowRows.PageSize, await CountDuringAsync(_stores.Windows.DropIdleAsync, "windows"));
        Assert.Equal(0, await CountAsync("windows"));
    }

    [Fact]
    public async Task WriteWaitsForOnePageOfUsersThatBecomeDue()
    {
        await FillAsync();
        await _stores.File.WriteAsync(() => _stores.File.Prepared("DELETE FROM due").ExecuteNonQuery(), Token);
        Assert.Equal(SqliteWindowRows.PageSize, await CountDuringAsync(_stores.Queue.MarkAllDueAsync, "due"));
        Assert.Equal(Users, await CountAsync("due"));
    }

    /// <summary>An id of which a bit was flipped in the file, so that it is no UTF-8, or no text, and comes last.</summary>
    [Theory]
    [InlineData("CAST(x'F531' AS TEXT)")]
    [InlineData("x'F531'")]
    public async Task AlteredIdEndsWithItsPage(string id)
    {
        await _stores.Windows.AppendAsync([Event(1, "u1"), Event(1, "u2")], Token);
        await _stores.File.WriteAsync(() => _stores.File.Prepared($"UPDATE windows SET user_id = {id} WHERE user_id = 'u2'").ExecuteNonQuery(), Token);
        await _stores.Queue.MarkAllDueAsync(Token);
        Assert.Contains("u1", await _stores.Windows.ReadUsersAsync(Token).SelectMany(page => page).ToListAsync(Token));
    }

    private async Task FillAsync() =>
        await _stores.Windows.AppendAsync([.. Enumerable.Range(0, Users).Select(i => Event(1, $"u{i}"))], Token);

    /// <summary>Counts the rows of a table in a write that queues right behind the first one of a sweep.</summary>
    private async Task<long> CountDuringAsync(Func<CancellationToken, Task> sweep, string table)
    {
        using var begun = new ManualResetEventSlim();
        using var end = new ManualResetEventSlim();
        var first = Task.Factory.StartNew(() => HoldAsync(begun, end), Token, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
        begun.Wait(Token);
        var swept = sweep(Token);
        var counted = CountAsync(table);
        end.Set();
        await Task.WhenAll(first, swept, counted);
        return await counted;
    }

    private Task<bool> HoldAsync(ManualResetEventSlim begun, ManualResetEventSlim end) =>
        _stores.File.WriteAsync(() =>
        {
            begun.Set();
            end.Wait(Token);
            return true;
        }, Token);

    private Task<long> CountAsync(string table) =>
        _stores.File.WriteAsync(() => (long)_stores.File.Prepared($"SELECT count(*) FROM {table}").ExecuteScalar()!, Token);
}
