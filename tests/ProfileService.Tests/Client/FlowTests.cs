using System.Net;
using ProfileService.Client;
using ProfileService.Tests.Model;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Client;

/// <summary>The client against what flows out of the service.</summary>
public sealed class FlowTests : IDisposable
{
    private readonly TestService _service = new();
    private readonly ProfileServiceClient _client;

    public FlowTests() => _client = new ProfileServiceClient(_service.Client);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ChangesAreFollowedPageByPage()
    {
        var empty = await _client.GetChangesAsync(cancellationToken: Token);
        Assert.Empty(empty.Changes);
        var profile = await FillAsync("ada");
        await using var pages = _client.FollowChangesAsync(empty.Cursor, cancellationToken: Token).GetAsyncEnumerator(Token);
        Assert.True(await pages.MoveNextAsync());
        var change = Assert.Single(pages.Current.Changes);
        Assert.Equal(("ada", profile.Model), (change.UserId, change.Model));
        Assert.Equal((profile.Revision, profile.Freshness.ComputedAt), (change.Revision!.Value, change.ComputedAt!.Value));
        Assert.Equal(profile.Vector!, change.Vector!.Value.ToArray());

        await _client.EraseUserAsync("ada", Token);
        Assert.True(await pages.MoveNextAsync());
        var deletion = Assert.Single(pages.Current.Changes);
        Assert.Equal((true, null, change.Pseudonym), (deletion.Deleted, deletion.UserId, deletion.Pseudonym));
        Assert.True(deletion.Revision >= change.Revision);
    }

    [Fact]
    public async Task ChangesWithoutVectorsHaveNone()
    {
        await FillAsync("ada");
        var page = await _client.GetChangesAsync(wait: TimeSpan.FromSeconds(30), vectors: false, cancellationToken: Token);
        Assert.Null(Assert.Single(page.Changes).Vector);
    }

    [Fact]
    public async Task CursorOfAnotherDatabaseIsRefused()
    {
        var refused = await Assert.ThrowsAsync<ProfileServiceException>(() => _client.GetChangesAsync("1.7.0.0.0", cancellationToken: Token));
        Assert.Equal((HttpStatusCode.Gone, "cursor_unknown"), (refused.Status, refused.Code));
    }

    [Fact]
    public async Task ExportHasAllPagesAndGoesOnAfterAUser()
    {
        var profile = await FillAsync("ada");
        await FillAsync("ben");
        await FillAsync("cy");
        var pages = await _client.ExportProfilesAsync(pageSize: 2, cancellationToken: Token).ToListAsync(Token);
        Assert.Equal(["ada", "ben", "cy"], pages.SelectMany(page => page.Profiles).Select(p => p.UserId));
        Assert.Equal(["ben", null], pages.Select(page => page.Next));
        Assert.Equal([(TestModels.Tiny.Id, TestModels.Tiny.Digest)], pages.Select(page => (page.Model, page.Digest!)).Distinct());
        Assert.Equal(profile.Vector!, pages[0].Profiles[0].Vector.ToArray());
        Assert.Empty((await _client.GetChangesAsync(pages[0].Cursor, cancellationToken: Token)).Changes);
        var rest = Assert.Single(await _client.ExportProfilesAsync("ben", cancellationToken: Token).ToListAsync(Token));
        Assert.Equal("cy", Assert.Single(rest.Profiles).UserId);
    }

    [Fact]
    public async Task UsersAreListedPageByPage()
    {
        await FillAsync("ada");
        await FillAsync("ben");
        await FillAsync("cy");
        Assert.Equal(["ada", "ben"], (await _client.FindUsersAsync(null, null, 2, Token)).Users);
        Assert.Equal(["cy"], (await _client.FindUsersAsync(null, "ben", 2, Token)).Users);
    }

    public void Dispose() => _service.Dispose();

    private async Task<UserProfile> FillAsync(string user)
    {
        await _service.AcceptAsync(Event(1, user));
        return (await _client.GetProfileAsync(user, fresh: true, cancellationToken: Token))!;
    }
}
