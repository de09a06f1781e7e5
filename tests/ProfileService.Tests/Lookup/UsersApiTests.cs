using Microsoft.Extensions.DependencyInjection;
using ProfileService.Refresh;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Lookup;

public sealed class UsersApiTests : IDisposable
{
    private readonly TestService _service = TestService.WithoutWorker();

    [Fact]
    public async Task UsersWithAProfileAreListedByPrefixAndCountedInAll()
    {
        await FillAsync("ab1", "ab2", "ab3", "b1", "a");
        var reply = (await _service.GetAsync("/v1/users?prefix=ab&count=2")).Json;
        Assert.Equal("""{"users":["ab1","ab2"],"total":5}""", reply.GetRawText());
        Assert.Equal("""{"users":["a","ab1","ab2","ab3","b1"],"total":5}""", (await _service.GetAsync("/v1/users")).Json.GetRawText());
        Assert.Equal("""{"users":[],"total":5}""", (await _service.GetAsync("/v1/users?prefix=%25")).Json.GetRawText());
    }

    [Fact]
    public async Task UserWithoutProfileYetIsNoneOfThem()
    {
        await _service.AcceptAsync(Event(1, "u1"));
        Assert.Equal("""{"users":[],"total":0}""", (await _service.GetAsync("/v1/users")).Json.GetRawText());
    }

    [Theory]
    [InlineData("?count=0", "count")]
    [InlineData("?count=1001", "count")]
    [InlineData("?count=x", "count")]
    [InlineData("?prefix=a%00", "prefix")]
    public async Task BadQueryIs400ThatNamesTheField(string query, string field) =>
        Assert.Contains(field, (await _service.GetAsync($"/v1/users{query}")).Problem(400).GetProperty("detail").GetString()!, StringComparison.Ordinal);

    [Fact]
    public async Task PrefixLongerThanAnIdIs400()
    {
        Assert.Equal(200, (await _service.GetAsync($"/v1/users?prefix={new string('x', 128)}")).Status);
        (await _service.GetAsync($"/v1/users?prefix={new string('x', 129)}")).Problem(400);
    }

    public void Dispose() => _service.Dispose();

    private async Task FillAsync(params string[] users)
    {
        await _service.AcceptAsync([.. users.Select(u => Event(1, u))]);
        var refresher = _service.Services.GetRequiredService<ProfileRefresher>();
        while (await refresher.RefreshDueAsync(TestContext.Current.CancellationToken) > 0)
        {
        }
    }
}
