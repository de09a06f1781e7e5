using System.Globalization;
using Npgsql;
using ProfileService.Client;

namespace ProfileService.Tests.Flows;

/// <summary>The recipe of docs/flows.md: the region is the block of C# there, to the letter.</summary>
internal static class PgvectorRecipe
{
    public static async Task FollowAsync(ProfileServiceClient profiles, NpgsqlDataSource database, CancellationToken stop)
    {
        #region Keep a pgvector table in step
        const string findCursor = "SELECT cursor FROM user_vectors_cursor";
        const string setCursor = "UPDATE user_vectors_cursor SET cursor = $1";
        const string store = """
            INSERT INTO user_vectors (pseudonym, user_id, model, revision, vector) VALUES ($1, $2, $3, $4, $5::vector)
            ON CONFLICT (pseudonym) DO UPDATE SET model = excluded.model, revision = excluded.revision, vector = excluded.vector
            WHERE excluded.revision >= user_vectors.revision
            """;
        const string delete = "DELETE FROM user_vectors WHERE pseudonym = $1 AND revision <= coalesce($2, revision)";

        string? cursor;
        await using (var find = database.CreateCommand(findCursor))
            cursor = await find.ExecuteScalarAsync(stop) as string;
        await foreach (var page in profiles.FollowChangesAsync(cursor, cancellationToken: stop))
        {
            await using var batch = database.CreateBatch(); // one transaction: changes and cursor are kept together
            foreach (var change in page.Changes)
            {
                batch.BatchCommands.Add(change.Deleted
                    ? Command(delete, change.Pseudonym, change.Revision)
                    : Command(store, change.Pseudonym, change.UserId, change.Model, change.Revision, Text(change.Vector!.Value)));
            }

            batch.BatchCommands.Add(Command(setCursor, page.Cursor));
            await batch.ExecuteNonQueryAsync(stop);
        }

        static string Text(ReadOnlyMemory<float> vector) =>
            $"[{string.Join(',', vector.ToArray().Select(x => x.ToString(CultureInfo.InvariantCulture)))}]";

        static NpgsqlBatchCommand Command(string sql, params object?[] values)
        {
            var command = new NpgsqlBatchCommand(sql);
            foreach (var value in values)
                command.Parameters.Add(value is null ? new() { DataTypeName = "bigint", Value = DBNull.Value } : new() { Value = value });
            return command;
        }
        #endregion
    }
}
