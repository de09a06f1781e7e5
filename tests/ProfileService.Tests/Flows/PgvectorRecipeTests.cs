using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;
using ProfileService.Client;
using static ProfileService.TestServers.Common.TestEvents;
using ProfileService.Tests.Client;
using ProfileService.Tests.Lookup;

namespace ProfileService.Tests.Flows;

/// <summary>The recipe of docs/flows.md, run against a PostgreSQL with pgvector.</summary>
[Needs(Need.Server | Need.Process)]
public sealed partial class PgvectorRecipeTests(PgvectorFixture server) : IClassFixture<PgvectorFixture>, IAsyncLifetime
{
    private const string Section = "Keep a pgvector table in step";

    private readonly TestService _service = new();
    private NpgsqlDataSource _database = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void RecipeOfThePageIsTheCompiledOne()
    {
        var source = File.ReadAllText(Repository.Path("tests/ProfileService.Tests/Flows/PgvectorRecipe.cs"));
        Assert.Equal(ExampleDocument.Flows.CSharp(Section), Indent().Replace(Region().Match(source).Groups["code"].Value, ""));
    }

    [Fact]
    public async Task TableFollowsTheProfilesThroughChangesErasuresAndAStop()
    {
        await FillAsync("ada", "ben", "cy");
        await using (new Consumer(this))
        {
            await ConsistsOfAsync("ada", "ben", "cy");
            await _service.AcceptAsync(Event(2, "ben"));
            await FillAsync("dan");
            await _service.SendAsync(HttpMethod.Delete, "/v1/users/ada", []);
            await ConsistsOfAsync("ben", "cy", "dan");
        }

        await _service.AcceptAsync(Event(3, "cy"));
        await FillAsync("eve");
        await _service.SendAsync(HttpMethod.Delete, "/v1/users/dan", []);
        await _service.PutAsync("/v1/users/ben/purposes", """{ "profile": false, "explain": true, "similar": true, "train": true }""");
        await using (new Consumer(this))
            await ConsistsOfAsync("cy", "eve");
    }

    public async ValueTask InitializeAsync()
    {
        var builder = new NpgsqlDataSourceBuilder(await server.EmptyDatabaseAsync());
        builder.ConnectionStringBuilder.NoResetOnClose = true; // the path below stays
        const string own = "SET search_path = profiles_service, public"; // where this role may make tables
        builder.UsePhysicalConnectionInitializer(
            connection => new NpgsqlCommand(own, connection).ExecuteNonQuery(),
            connection => new NpgsqlCommand(own, connection).ExecuteNonQueryAsync(Token));
        _database = builder.Build();
        await using var tables = _database.CreateCommand(ExampleDocument.Flows.Block(Section, "sql"));
        await tables.ExecuteNonQueryAsync(Token);
    }

    public async ValueTask DisposeAsync()
    {
        _service.Dispose();
        await _database.DisposeAsync();
    }

    private async Task FillAsync(params string[] users)
    {
        foreach (var user in users)
        {
            await _service.AcceptAsync(Event(1, user));
            Assert.Equal(200, (await _service.FreshAsync(user)).Status);
        }
    }

    /// <summary>Waits until the table has these users, with the vectors that the service answers with.</summary>
    private Task ConsistsOfAsync(params string[] users) => Eventually.IsTrueAsync(async () =>
    {
        var expected = new Dictionary<string, string>();
        foreach (var user in users)
        {
            if (await _service.FreshAsync(user) is not { Status: 200 } reply)
                return false;
            expected[user] = TextOf(reply.Floats64("vector").Select(x => (float)x));
        }

        return expected.OrderBy(e => e.Key).SequenceEqual((await ReadAsync()).OrderBy(e => e.Key));
    });

    private async Task<Dictionary<string, string>> ReadAsync()
    {
        await using var query = _database.CreateCommand("SELECT user_id, vector::real[] FROM user_vectors");
        await using var reader = await query.ExecuteReaderAsync(Token);
        var found = new Dictionary<string, string>();
        while (await reader.ReadAsync(Token))
            found[reader.GetString(0)] = TextOf(reader.GetFieldValue<float[]>(1));
        return found;
    }

    private static string TextOf(IEnumerable<float> vector) =>
        string.Join(',', vector.Select(x => x.ToString("E3", CultureInfo.InvariantCulture)));

    [GeneratedRegex(@"#region (?<name>[^\n]+)\n(?<code>.*?) *#endregion", RegexOptions.Singleline)]
    private static partial Regex Region();

    [GeneratedRegex("^        ", RegexOptions.Multiline)]
    private static partial Regex Indent();

    /// <summary>The recipe, until it is stopped.</summary>
    private sealed class Consumer : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _run;

        public Consumer(PgvectorRecipeTests test) => _run = Task.Run(
            () => PgvectorRecipe.FollowAsync(new ProfileServiceClient(test._service.Client), test._database, _stop.Token), Token);

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _run);
            _stop.Dispose();
        }
    }
}
