using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using ProfileService.Platform;
using ProfileService.Storage;

namespace ProfileService.Privacy.Export;

/// <summary>
/// The rows of the audit log about the user, found by the hash of the id. The log is only appended to, so that its rows up to the last one
/// stay as they are.
/// </summary>
internal sealed class AuditSource(IDbContextFactory<ProfileDbContext> contexts, UserHash hashes) : IExportSource
{
    private const int PageSize = 1_000;

    public async Task<IReadOnlyList<ExportSection>> OpenAsync(string userId, CancellationToken cancellationToken)
    {
        var hash = hashes.Of(userId);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var last = await db.AuditLog.MaxAsync(r => (long?)r.Sequence, cancellationToken) ?? 0;
        var count = await db.AuditLog.LongCountAsync(r => r.UserHash == hash && r.Sequence <= last, cancellationToken);
        return [new ExportSection("audit", ["audit_log"], count, ReadAsync(hash, last, CancellationToken.None))];
    }

    private async IAsyncEnumerable<object> ReadAsync(string hash, long last, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var after = 0L; ;)
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            var page = await db.AuditLog.AsNoTracking().Where(r => r.UserHash == hash && r.Sequence > after && r.Sequence <= last)
                .OrderBy(r => r.Sequence).Take(PageSize).ToListAsync(cancellationToken);
            foreach (var row in page)
                yield return ExportedUse.From(row);
            if (page.Count < PageSize)
                yield break;
            after = page[^1].Sequence;
        }
    }
}

/// <summary>A row of the audit log.</summary>
/// <param name="Caller">Who asked.</param>
/// <param name="Action">What for.</param>
/// <param name="Count">How many equal requests the row stands for.</param>
internal sealed record ExportedUse(
    DateTime At, string Caller, string Action, int Status, int Count, string TraceId, string UserHash, long Sequence)
{
    public static ExportedUse From(AuditRow r) => new(r.At, r.Caller, r.Action, r.Status, r.Count, r.TraceId, r.UserHash, r.Sequence);
}
