using Npgsql;

namespace ProfileService.Tests.Servers;

[Needs(Need.Server)]
public sealed class PostgresServerTests
{
    [Fact]
    public async Task PostgresComesBackAfterAKillAndAfterAStop()
    {
        await using var postgres = await PostgresServer.StartAsync();
        var database = await postgres.CreateEmptyDatabaseAsync();
        await RunAsync(database, "CREATE TABLE words AS SELECT 'kept' AS word");

        await postgres.KillAsync();
        await postgres.StartAgainAsync();
        Assert.Equal("kept", await RunAsync(database, "SELECT word FROM words"));

        await postgres.StopAsync();
        await postgres.StartAgainAsync();
        Assert.Equal("kept", await RunAsync(database, "SELECT word FROM words"));
    }

    [Fact]
    public async Task PausedPostgresAnswersOpenConnectionsAgainAfterResume()
    {
        await using var postgres = await PostgresServer.StartAsync();
        await using var connection = new NpgsqlConnection($"{postgres.ConnectionString("postgres")};Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand("SELECT 1", connection);

        await postgres.PauseAsync();
        var reply = command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
        Assert.False(reply.IsCompleted);
        await postgres.ResumeAsync();

        Assert.Equal(1, await reply);
    }

    private static async Task<object?> RunAsync(string database, string sql)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }
}
