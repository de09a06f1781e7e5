using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using ProfileService.Items;
using ProfileService.Refresh;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Refresh;

/// <summary>A user whose window gives numbers that are not finite has no profile, and nobody else notices.</summary>
[Needs(Need.Process)]
public sealed class NotFiniteTests : IDisposable
{
    private readonly TestService _service = TestService.WithoutWorker(
        ("Model:Package", Repository.ContentPackage), ("Items:ContentDimension", "6"), ("Lookup:FreshTimeout", "00:00:00.010"), ("Refresh:Lease", "00:10:00"));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task UserThatFailsFailsAloneAndNotAgainBeforeItsLeaseHasEnded()
    {
        PutWrongContent("wrong");
        await _service.AcceptAsync([.. Enumerable.Range(0, 9).Select(u => Event(1, $"good-{u}", "i1")), Event(1, "bad", "wrong")]);
        var refresher = _service.Services.GetRequiredService<ProfileRefresher>();
        Assert.Equal(10, await refresher.RefreshDueAsync(Token));
        Assert.Equal(0, await refresher.RefreshDueAsync(Token));

        var users = Enumerable.Range(0, 9).Select(u => $"good-{u}").ToArray();
        var found = (await _service.PostAsync("/v1/profiles/lookup", JsonSerializer.Serialize(new { userIds = (string[])["bad", .. users] }))).Json;
        Assert.Equal(users, found.GetProperty("profiles").EnumerateArray().Select(p => p.GetProperty("userId").GetString()));
        Assert.Equal("bad", Assert.Single(found.GetProperty("missing").EnumerateArray()).GetString());
        Assert.Equal("not_computed", (await _service.GetAsync("/v1/users/bad/profile")).Problem(503).GetProperty("code").GetString());
    }

    [Fact]
    public async Task WhatIsComputedOnRequestFailsAsAWhole()
    {
        PutWrongContent("wrong");
        await _service.AcceptAsync(Event(1, "bad", "wrong"));
        var session = $$"""{"events":[{{Event(1, "somebody", "wrong").Json()}}]}""";
        foreach (var reply in (Reply[])[await _service.PostAsync("/v1/profiles/compute", session), await _service.GetAsync("/v1/users/bad/explanation")])
            Assert.Equal("not_finite", reply.Problem(500).GetProperty("code").GetString());
    }

    public void Dispose() => _service.Dispose();

    /// <summary>As no request can, and no store gives to the catalogue: a graph with a fault would give the same.</summary>
    private void PutWrongContent(string item) =>
        _service.Services.GetRequiredService<ItemCatalogue>().Keep(new CatalogueItem(item, [], null, null, [], [1, 2, 3, 4, 5, float.NaN]));
}
