namespace ProfileService.Tests.Lookup;

[Needs(Need.Server, Need.Process)]
public sealed class SimilarStartTests(TestServers servers) : IDisposable
{
    private readonly TempDirectory _data = new();

    [Fact]
    public async Task IndexWithoutPostgresStopsTheStart()
    {
        var output = await StartInVainAsync("--Similar:Search=Hnsw");
        Assert.Contains("Similar:Search is Hnsw, but ConnectionStrings:Postgres is not set", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task IndexWithoutItsExtensionStopsTheStart()
    {
        var output = await StartInVainAsync($"--ConnectionStrings:Postgres={await PlainDatabaseAsync()}", "--Similar:Search=Hnsw");
        Assert.Contains("Similar:Search is Hnsw, but this Postgres does not offer the extension vector (pgvector)", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WrongSettingsAreNamed()
    {
        var output = await StartInVainAsync("--Similar:Search=Fast", "--Similar:MaxUsers=0", "--Similar:LookEvery=00:00:00", "--Similar:Nonsense=1");
        foreach (var setting in (string[])["Similar:Search", "Similar:MaxUsers", "Similar:LookEvery", "Similar:Nonsense"])
            Assert.Contains(setting, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithoutTheExtensionSearchIsExactUnlessTheIndexIsAskedFor()
    {
        using var service = new TestService(("ConnectionStrings:Postgres", await PlainDatabaseAsync()));
        await service.AcceptAsync(TestEvents.Event(1, "u1"), TestEvents.Event(1, "u2"));
        await service.FreshAsync("u1");
        await service.FreshAsync("u2");
        var reply = (await service.GetAsync("/v1/users/u1/similar")).Json;
        Assert.Equal("exact", reply.GetProperty("search").GetString());
        var similar = Assert.Single(reply.GetProperty("users").EnumerateArray());
        Assert.Equal("u2", similar.GetProperty("userId").GetString());
        Assert.Equal(1, similar.GetProperty("similarity").GetDouble(), 1e-5);
    }

    public void Dispose() => _data.Dispose();

    private async Task<string> StartInVainAsync(params string[] settings)
    {
        var (exitCode, output) = await ServiceProcess.StartInVainAsync(_data, Repository.TinyPackage, settings);
        Assert.Equal(1, exitCode);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        return output;
    }

    // Of a server to which nobody added the extension.
    private async Task<string> PlainDatabaseAsync() => await (await servers.PostgresAsync()).CreateDatabaseAsync();
}
