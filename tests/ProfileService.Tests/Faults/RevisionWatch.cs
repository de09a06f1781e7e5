using Npgsql;

namespace ProfileService.Tests.Faults;

/// <summary>Has Postgres record every update of a stored profile. When it is disposed of, it asserts that none lowered a revision.</summary>
internal sealed class RevisionWatch : IAsyncDisposable
{
    private const string Watch = """
        CREATE TABLE revisions_watched (user_id text, old_revision bigint, new_revision bigint);
        CREATE FUNCTION watch_revision() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
        BEGIN
            INSERT INTO revisions_watched VALUES (NEW.user_id, OLD.revision, NEW.revision);
            RETURN NEW;
        END $$;
        CREATE TRIGGER watch_revision AFTER UPDATE ON profiles FOR EACH ROW EXECUTE FUNCTION watch_revision();
        """;

    private const string WentBack = """
        SELECT count(*), string_agg(user_id || ' went back from ' || old_revision || ' to ' || new_revision, ', ')
            FILTER (WHERE new_revision < old_revision)
        FROM revisions_watched
        """;

    private readonly NpgsqlDataSource _postgres;

    private RevisionWatch(NpgsqlDataSource postgres) => _postgres = postgres;

    /// <summary>The services have to have made their tables before.</summary>
    public static async Task<RevisionWatch> StartAsync(string connectionString)
    {
        // Not pooled: a connection that is kept does not survive a server that is killed meanwhile.
        var postgres = NpgsqlDataSource.Create($"{PostgresRoles.AsSuperuser(connectionString)};Pooling=false");
        await using var command = postgres.CreateCommand(Watch);
        await command.ExecuteNonQueryAsync();
        return new RevisionWatch(postgres);
    }

    public async ValueTask DisposeAsync()
    {
        await using var command = _postgres.CreateCommand(WentBack);
        await using (var row = await command.ExecuteReaderAsync())
        {
            Assert.True(await row.ReadAsync());
            Assert.True(row.GetInt64(0) > 0, "no profile was updated");
            Assert.True(await row.IsDBNullAsync(1), await row.IsDBNullAsync(1) ? "" : row.GetString(1));
        }
        await _postgres.DisposeAsync();
    }
}
