using Microsoft.EntityFrameworkCore;
using ProfileService.Model;
using ProfileService.Platform;
using ProfileService.Profiles;
using ProfileService.Purposes;
using ProfileService.Storage;

namespace ProfileService.Flows;

/// <summary>
/// Reads all profiles of a model page by page, in the order of user ids. It keeps no snapshot of the database while a client reads: that
/// would keep Postgres from clearing away former rows, and SQLite from emptying the log of erased users. What changes meanwhile is told
/// after the cursor of the export's start.
/// </summary>
internal sealed class ProfileExport(IDbContextFactory<ProfileDbContext> contexts, UserHash hashes, UserPurposes purposes)
{
    public const int PageSize = 2_000;

    private const string Query = """
        SELECT user_id, revision, computed_at, vector FROM profiles
        WHERE user_id > @after AND model = @model AND (digest = @digest OR digest = @former)
            AND NOT EXISTS (SELECT 1 FROM user_aliases WHERE user_aliases.user_id = profiles.user_id)
        ORDER BY user_id LIMIT @count
        """;

    /// <param name="after">A user id; empty for the first page.</param>
    /// <param name="count">From 1.</param>
    public async Task<ExportPage> ReadAsync(ModelStamp model, string after, int count, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await FindAsync(db, model, after, count, cancellationToken);
        var pseudonyms = hashes.OfEach(rows.Select(row => row.UserId));
        var refusals = await Refusals.FindAsync(db, pseudonyms.Values, purposes.Default.HasFlag(Purpose.Profile), cancellationToken);
        return new ExportPage(
            [
                .. rows.Where(row => VectorBytes.AreFinite(row.Vector)).Select(row => (row, pseudonyms[row.UserId]))
                    .Where(line => !refusals.Cover(line.Item2, line.row.Revision)),
            ],
            rows.Count < count ? null : rows[^1].UserId);
    }

    // Without EF Core, which would take as long again.
    private static async Task<List<ExportedRow>> FindAsync(
        ProfileDbContext db, ModelStamp model, string after, int count, CancellationToken cancellationToken)
    {
        await db.Database.OpenConnectionAsync(cancellationToken);
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = Query;
        foreach (var (name, value) in new (string, object)[]
        {
            ("model", model.Id),
            ("digest", model.Digest),
            ("former", model.LegacyDigest ?? model.Digest),
            ("after", after),
            ("count", count),
        })
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }

        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<ExportedRow>(count);
        while (await reader.ReadAsync(cancellationToken))
        {
            var computedAt = DateTime.SpecifyKind(reader.GetDateTime(2), DateTimeKind.Utc);
            rows.Add(new ExportedRow(reader.GetString(0), reader.GetInt64(1), computedAt, reader.GetFieldValue<byte[]>(3)));
        }

        return rows;
    }
}

/// <summary>A page of an export.</summary>
/// <param name="Next">The last user id if there may be more; null otherwise.</param>
internal sealed record ExportPage(IReadOnlyList<(ExportedRow Row, string Pseudonym)> Lines, string? Next);
