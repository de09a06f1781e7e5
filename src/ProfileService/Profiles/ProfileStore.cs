using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace ProfileService.Profiles;

/// <summary>The profiles of record.</summary>
internal sealed class ProfileStore(IDbContextFactory<ProfileDbContext> contexts)
{
    // The guard: a profile never goes back to a lower revision, whoever writes last.
    private const string Upsert = """
        INSERT INTO profiles (user_id, model, revision, event_count, events_through, computed_at, vector)
        VALUES (@user_id, @model, @revision, @event_count, @events_through, @computed_at, @vector)
        ON CONFLICT (user_id, model) DO UPDATE SET
            revision = excluded.revision, event_count = excluded.event_count, events_through = excluded.events_through,
            computed_at = excluded.computed_at, vector = excluded.vector
        WHERE excluded.revision >= profiles.revision
        """;

    private static readonly Func<ProfileDbContext, string, string, Task<Profile?>> ByKey = EF.CompileAsyncQuery(
        (ProfileDbContext db, string userId, string model) =>
            db.Profiles.AsNoTracking().FirstOrDefault(p => p.UserId == userId && p.Model == model));

    /// <summary>The user's profile by this model, or null.</summary>
    public async Task<Profile?> FindAsync(string userId, string model, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await ByKey(db, userId, model);
    }

    /// <summary>The profiles by this model of those users that have one, in any order.</summary>
    public async Task<IReadOnlyList<Profile>> FindAsync(IReadOnlyList<string> userIds, string model, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Profiles.AsNoTracking()
            .Where(p => p.Model == model && userIds.Contains(p.UserId))
            .ToListAsync(cancellationToken);
    }

    /// <summary>Stores profiles in one transaction; each only where no later revision stands.</summary>
    public async Task StoreAsync(IReadOnlyList<Profile> profiles, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.Database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await db.Database.GetDbConnection().BeginTransactionAsync(cancellationToken);
        await using var command = transaction.Connection!.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = Upsert;
        foreach (var profile in profiles)
        {
            SetParameters(command, profile);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>The model that the profiles are kept for, or null before the first start.</summary>
    public async Task<string?> FindServedModelAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.ServedModel.AsNoTracking().Select(s => s.Model).SingleOrDefaultAsync(cancellationToken);
    }

    public async Task SetServedModelAsync(string model, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await db.ServedModel.SingleOrDefaultAsync(cancellationToken) is { } served)
            served.Model = model;
        else
            db.Add(new ServedModel { Model = model });
        await db.SaveChangesAsync(cancellationToken);
    }

    private static void SetParameters(DbCommand command, Profile profile)
    {
        command.Parameters.Clear();
        Add("user_id", profile.UserId);
        Add("model", profile.Model);
        Add("revision", profile.Revision);
        Add("event_count", profile.EventCount);
        Add("events_through", profile.EventsThrough);
        Add("computed_at", profile.ComputedAt);
        Add("vector", profile.Vector);

        void Add(string name, object value)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = value;
            command.Parameters.Add(parameter);
        }
    }
}
