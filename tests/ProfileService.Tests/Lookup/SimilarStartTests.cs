using Microsoft.Extensions.Options;
using ProfileService.Tests.Servers;

namespace ProfileService.Tests.Lookup;

public sealed class SimilarStartTests(TestServers servers)
{
    [Fact]
    public void IndexWithoutPostgresStopsTheStart()
    {
        var wrong = Assert.Throws<OptionsValidationException>(() => new TestService(("Similar:Search", "Hnsw")));
        Assert.Contains("ConnectionStrings:Postgres is not set", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task IndexWithoutItsExtensionStopsTheStart()
    {
        var database = await PlainDatabaseAsync();
        var wrong = Assert.Throws<OptionsValidationException>(() => new TestService(("ConnectionStrings:Postgres", database), ("Similar:Search", "Hnsw")));
        Assert.Contains("does not offer the extension vector", wrong.Message, StringComparison.Ordinal);
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
        Assert.Equal("u2", Assert.Single(reply.GetProperty("users").EnumerateArray()).GetProperty("userId").GetString());
        Assert.Equal(1, reply.GetProperty("users")[0].GetProperty("similarity").GetDouble(), 1e-5);
    }

    [Theory]
    [InlineData("Similar:Search", "Fast")]
    [InlineData("Similar:MaxUsers", "0")]
    [InlineData("Similar:LookEvery", "00:00:00")]
    [InlineData("Similar:Nonsense", "1")]
    public void WrongSettingIsNamed(string setting, string value)
    {
        var wrong = Assert.ThrowsAny<Exception>(() => new TestService((setting, value)));
        Assert.Contains(setting, wrong.Message, StringComparison.Ordinal);
    }

    // Of a server without the extension: the one from Debian, where nobody added it.
    private async Task<string> PlainDatabaseAsync() => await (await servers.PostgresAsync()).CreateDatabaseAsync();
}
