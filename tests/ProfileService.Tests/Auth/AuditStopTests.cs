using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using ProfileService.Audit;
using ProfileService.Storage;

namespace ProfileService.Tests.Auth;

/// <summary>The stop of the audit log while the database is away.</summary>
public sealed class AuditStopTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EntriesThatCannotBeWrittenAreTold()
    {
        var (time, logger) = (new FakeTimeProvider(), new FakeLogger<AuditWorker>());
        var log = new AuditLog(time);
        for (var i = 0; i < 2_500; i++)
            log.Add(new AuditEntry(DateTime.UnixEpoch, "key:a", "getWindow", "", 200, "t"));
        using var worker = new AuditWorker(log, new AuditStore(new NoDatabase()), time, logger);
        await worker.StartAsync(Token);
        await worker.StopAsync(Token);
        var lost = Assert.Single(logger.Collector.GetSnapshot(), line => line.Message.Contains("missing from the audit log", StringComparison.Ordinal));
        Assert.StartsWith("2500 entries", lost.Message, StringComparison.Ordinal);
    }

    private sealed class NoDatabase : IDbContextFactory<ProfileDbContext>
    {
        public ProfileDbContext CreateDbContext() => throw new IOException("away");
    }
}
