using Microsoft.EntityFrameworkCore;
using ProfileService.Audit;
using ProfileService.Storage;

namespace ProfileService.Auth;

/// <summary>The keys in the database. A change stands in the audit log before it is made, with the id of the key as trace.</summary>
internal sealed class KeyStore(IDbContextFactory<ProfileDbContext> contexts, TimeProvider time)
{
    private const string Caller = "command"; // profiles keys, by somebody who may write to the database

    private readonly AuditStore _audit = new(contexts);

    /// <summary>All keys, also the expired and the revoked ones, by their age.</summary>
    public async Task<IReadOnlyList<ApiKeyRow>> ListAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.ApiKeys.AsNoTracking().OrderBy(k => k.CreatedAt).ThenBy(k => k.Id).ToListAsync(cancellationToken);
    }

    /// <summary>Stores a new key and returns it; it cannot be had again.</summary>
    public async Task<string> CreateAsync(NewKey wanted, CancellationToken cancellationToken)
    {
        var (id, key) = ApiKey.Create();
        await NoteAsync("createKey", id, cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        db.ApiKeys.Add(new ApiKeyRow
        {
            Id = id,
            Name = wanted.Name,
            Hash = ApiKey.Hash(key),
            Scopes = string.Join(' ', wanted.Scopes),
            CreatedAt = time.GetUtcNow().UtcDateTime,
            ExpiresAt = wanted.ExpiresAt,
            Requests = wanted.Requests,
            Events = wanted.Events,
            Users = wanted.Users,
        });
        await db.SaveChangesAsync(cancellationToken);
        return key;
    }

    /// <summary>Revokes a key from now on. Returns false if there is none of this id.</summary>
    public async Task<bool> RevokeAsync(string id, CancellationToken cancellationToken)
    {
        await NoteAsync("revokeKey", id, cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow().UtcDateTime;
        await db.ApiKeys.Where(k => k.Id == id && k.RevokedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(k => k.RevokedAt, now), cancellationToken);
        return await db.ApiKeys.AnyAsync(k => k.Id == id, cancellationToken);
    }

    /// <summary>Ends a key at a time, unless it ends before.</summary>
    public async Task ExpireAsync(string id, DateTime at, CancellationToken cancellationToken)
    {
        await NoteAsync("expireKey", id, cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.ApiKeys.Where(k => k.Id == id && (k.ExpiresAt == null || k.ExpiresAt > at))
            .ExecuteUpdateAsync(set => set.SetProperty(k => k.ExpiresAt, at), cancellationToken);
    }

    /// <summary>Notes when a key was used, unless a later use is noted.</summary>
    public async Task NoteUseAsync(string id, DateTime at, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.ApiKeys.Where(k => k.Id == id && (k.LastUsedAt == null || k.LastUsedAt < at))
            .ExecuteUpdateAsync(set => set.SetProperty(k => k.LastUsedAt, at), cancellationToken);
    }

    private Task NoteAsync(string action, string id, CancellationToken cancellationToken) => _audit.AppendAsync(
        [new AuditEntry(time.GetUtcNow().UtcDateTime, Caller, action, "", StatusCodes.Status200OK, id)], cancellationToken);
}

/// <summary>What a key is to be.</summary>
/// <param name="Requests">Requests a second; null for the setting's limit. So too the following.</param>
internal sealed record NewKey(
    string Name, IReadOnlyList<string> Scopes, DateTime? ExpiresAt, int? Requests = null, int? Events = null, int? Users = null);
