using Microsoft.EntityFrameworkCore;
using ProfileService.Storage;

namespace ProfileService.Audit;

/// <summary>The audit log in the database.</summary>
internal sealed class AuditStore(IDbContextFactory<ProfileDbContext> contexts)
{
    private const long ChainLock = 0x4175646974; // any number that nobody else locks; this one spells "Audit"

    /// <summary>Appends rows for entries to the chain. Processes take turns.</summary>
    public async Task AppendAsync(IReadOnlyList<AuditEntry> entries, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.WriteAsync(async () =>
        {
            if (db.Database.IsNpgsql()) // SQLite has one writer at a time anyway
                await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({ChainLock})", cancellationToken);
            var last = await db.AuditLog.AsNoTracking().OrderByDescending(r => r.Sequence).FirstOrDefaultAsync(cancellationToken);
            db.AuditLog.AddRange(AuditChain.Continue(last, entries));
            return await db.SaveChangesAsync(cancellationToken);
        }, isAlone: false, cancellationToken);
    }

    /// <summary>Follows the chain from its first row.</summary>
    /// <param name="known">
    /// A row and its hash, <c>ROW:HASH</c>, that were noted elsewhere. Without it, a chain that was written anew, or whose end was cut off,
    /// cannot be told from the true one.
    /// </param>
    public async Task<AuditFinding> VerifyAsync(string? known, CancellationToken cancellationToken)
    {
        var isFound = known is null;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var (sequence, hash) = (0L, AuditChain.Start);
        var rows = db.AuditLog.AsNoTracking().OrderBy(r => r.Sequence).AsAsyncEnumerable();
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            if (row.Sequence != sequence + 1)
                return new(sequence, hash, $"Row {sequence + 1} is missing.");
            if (!row.Hash.AsSpan().SequenceEqual(AuditChain.HashOf(hash, row)))
                return new(sequence, hash, $"Row {row.Sequence} was altered, or one before it removed.");
            (sequence, hash) = (row.Sequence, row.Hash);
            isFound |= known == $"{sequence}:{Convert.ToHexStringLower(hash)}";
        }

        return new(sequence, hash, isFound ? null : $"{known} is not in it: it was written anew, or its end was cut off.");
    }
}

/// <summary>How far the chain holds.</summary>
/// <param name="Sequence">The last row that is as it was written; 0 if there is none.</param>
/// <param name="Hash">That row's hash.</param>
/// <param name="Break">What is wrong after it; null if the chain is whole.</param>
internal sealed record AuditFinding(long Sequence, byte[] Hash, string? Break);
