using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ProfileService.Platform;
using ProfileService.Privacy;
using ProfileService.Storage;
using ProfileService.Windows;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Privacy;

/// <summary>Two erasures of one user, each of which fails after the windows were erased, and is repeated.</summary>
public sealed class RepeatedErasureTests : IDisposable
{
    private readonly TestService _service = TestService.Without([typeof(ErasureWorker)]);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IDbContextFactory<ProfileDbContext> Contexts => _service.Services.GetRequiredService<IDbContextFactory<ProfileDbContext>>();

    public void Dispose() => _service.Dispose();

    [Fact]
    public async Task WhatCameAfterBothStays()
    {
        await _service.AcceptAsync(Event(1));
        var (eraser, windows) = (_service.Services.GetRequiredService<UserEraser>(), _service.Services.GetRequiredService<IWindowStore>());
        var erasures = _service.Services.GetRequiredService<Erasures>();
        string[] receipts = [(await erasures.RequestAsync(["u1"], Token)).Receipt, (await erasures.RequestAsync(["u1"], Token)).Receipt];
        await ExecuteAsync("ALTER TABLE erased_users RENAME TO away"); // the ledger, which comes after the windows
        foreach (var receipt in receipts)
            await Assert.ThrowsAnyAsync<Exception>(() => EraseAsync(receipt));
        Assert.Null(await windows.FindAsync("u1", Token));

        await windows.AppendAsync([Event() with { Timestamp = EventTime.FromUtc(TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(1)) }], Token);
        foreach (var receipt in receipts)
            await Assert.ThrowsAnyAsync<Exception>(() => EraseAsync(receipt));
        await ExecuteAsync("ALTER TABLE away RENAME TO erased_users");
        foreach (var receipt in receipts)
            await EraseAsync(receipt);
        Assert.NotNull(await windows.FindAsync("u1", Token));
        foreach (var receipt in receipts)
            Assert.NotNull((await erasures.FindAsync(receipt, Token))!.GoneAt);

        async Task EraseAsync(string receipt)
        {
            await using var db = await Contexts.CreateDbContextAsync(Token);
            await eraser.EraseAsync(await db.PendingErasures.AsNoTracking().Where(p => p.Receipt == receipt).ToListAsync(Token), Token);
        }
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var db = await Contexts.CreateDbContextAsync(Token);
        await db.Database.ExecuteSqlRawAsync(sql, Token);
    }
}
