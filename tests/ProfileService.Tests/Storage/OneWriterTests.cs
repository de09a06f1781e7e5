using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ProfileService.Profiles;
using ProfileService.Storage;

namespace ProfileService.Tests.Storage;

/// <summary>Every way to write to profiles.db waits for its turn, and gives it back.</summary>
public sealed partial class OneWriterTests : IAsyncLifetime
{
    private static readonly TimeSpan Long = TimeSpan.FromMilliseconds(300); // for a write that does not wait

    private readonly TempDirectory _data = new();
    private readonly ServiceProvider _services;

    public OneWriterTests() =>
        _services = new ServiceCollection().AddSqliteProfiles(_ => _data.File("profiles.db")).BuildServiceProvider();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Ways => new(Writes.Keys);

    private static Dictionary<string, Func<ProfileDbContext, CancellationToken, Task>> Writes { get; } = new()
    {
        ["transaction"] = (db, token) => db.WriteAsync(() => db.Profiles.CountAsync(token), isAlone: false, token),
        ["alone"] = (db, token) => db.WriteAsync(() => db.Profiles.CountAsync(token), isAlone: true, token),
        ["save"] = (db, token) =>
        {
            db.ServedModel.Add(new ServedModel { Model = "tiny/1" });
            return db.SaveChangesAsync(token);
        },
        ["update"] = (db, token) => db.Erasures.ExecuteUpdateAsync(set => set.SetProperty(e => e.Users, 1), token),
        ["delete"] = (db, token) => db.Attributes.ExecuteDeleteAsync(token),
        ["sql"] = (db, token) => db.Database.ExecuteSqlAsync($"DELETE FROM attributes", token),
        ["upsert"] = (db, token) => db.UpsertAsync((IReadOnlyList<AttributesRow>)[], token),
        ["purge"] = (db, token) => db.PurgeAsync(token),
        ["rewrite"] = (db, token) => db.RewriteAsync(token),
    };

    public async ValueTask InitializeAsync()
    {
        await using var db = Context();
        await db.MigrateAsync(Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _data.Dispose();
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task AWriteWaitsForItsTurnAndGivesItBack(string way)
    {
        await using var db = Context();
        Task write;
        using (await OneWriter.TakeTurnAsync(Token))
        {
            write = Writes[way](db, Token);
            await Task.WhenAny(write, Task.Delay(Long, TimeProvider.System, Token));
            Assert.False(write.IsCompleted);
        }

        await write;
        (await OneWriter.TakeTurnAsync(Token)).Dispose();
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task WhoStopsWaitingTakesNoTurnFromOthers(string way)
    {
        await using var db = Context();
        using (await OneWriter.TakeTurnAsync(Token))
        {
            using var gone = CancellationTokenSource.CreateLinkedTokenSource(Token);
            var write = Writes[way](db, gone.Token);
            await gone.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => write);
            var other = OneWriter.TakeTurnAsync(Token);
            Assert.False(other.IsCompleted);
            _ = other.ContinueWith(turn => turn.Result.Dispose(), Token, TaskContinuationOptions.None, TaskScheduler.Default);
        }

        await using var after = Context();
        await Writes[way](after, Token);
    }

    [Fact]
    public async Task AFailedWriteGivesItsTurnBack()
    {
        await using var db = Context();
        await Assert.ThrowsAnyAsync<Exception>(() => db.Database.ExecuteSqlRawAsync("DELETE FROM nothing", Token));
        await Assert.ThrowsAnyAsync<Exception>(() => db.WriteAsync<int>(() => throw new InvalidOperationException(), isAlone: false, Token));
        (await OneWriter.TakeTurnAsync(Token)).Dispose();
    }

    [Fact]
    public void TransactionsOfTheDatabaseBeginInStorageAlone() =>
        Assert.Empty(
            from file in Directory.EnumerateFiles(Repository.Path("src"), "*.cs", SearchOption.AllDirectories)
            where Path.GetFileName(Path.GetDirectoryName(file)) != nameof(Storage) && OwnTransaction().IsMatch(File.ReadAllText(file))
            select file);

    [GeneratedRegex(@"Database\s*\.BeginTransaction|\bSaveChanges\(|\bExecute(Update|Delete|Sql|SqlRaw|SqlInterpolated)\(")] // what is not async takes no turn
    private static partial Regex OwnTransaction();

    private ProfileDbContext Context() => _services.GetRequiredService<IDbContextFactory<ProfileDbContext>>().CreateDbContext();
}
