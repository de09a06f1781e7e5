using System.Net;
using ProfileService.Client;

namespace ProfileService.Tests.Client;

/// <summary>
/// The client against the service's addresses for attributes, items, explanations, recommendations, predictions and similar users.
/// </summary>
public sealed class ClientAddressTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 11, 1, 10, 0, 0, TimeSpan.Zero);

    private readonly TestService _service = new();
    private readonly ProfileServiceClient _client;

    public ClientAddressTests() => _client = new ProfileServiceClient(_service.Client);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AttributesArePutAndRead()
    {
        Assert.Null(await _client.GetAttributesAsync("u1", Token));
        await _client.PutAttributesAsync("u1", new Dictionary<string, AttributeValue> { ["age"] = 34, ["gender"] = "female", ["shoeSize"] = 38 }, Token);
        var read = await _client.GetAttributesAsync("u1", Token);
        Assert.Equal((34, "female"), (read!.Attributes["age"].Number, read.Attributes["gender"].Text));
        Assert.Contains("shoeSize", read.Unused!);

        var batch = await _client.PutAttributesBatchAsync([new("u2", read.Attributes), new("", read.Attributes)], Token);
        Assert.Equal((1, 1), (batch.Accepted, batch.Rejected));
        Assert.Equal(1, Assert.Single(batch.Problems).Index);
        Assert.Equal("female", (await _client.GetAttributesAsync("u2", Token))!.Attributes["gender"].Text);

        var profile = await _client.GetProfileAsync("u1", fresh: true, cancellationToken: Token);
        Assert.Equal(0, profile!.EventCount);
        Assert.Equal(34, profile.Dimensions!.Attributes!["age"].Number);
    }

    [Fact]
    public async Task TokenForAPageIsMade()
    {
        var (token, longer) = (
            await _client.CreateTokenAsync("u1", TimeSpan.FromMinutes(1), Token),
            await _client.CreateTokenAsync("u1", cancellationToken: Token));
        Assert.Matches("^[A-Za-z0-9_-]+$", token.Token);
        Assert.True(token.ExpiresAt < longer.ExpiresAt);
        var refused = await Assert.ThrowsAsync<ProfileServiceException>(
            () => _client.CreateTokenAsync("u1", TimeSpan.FromSeconds(1), Token));
        Assert.Equal((HttpStatusCode.BadRequest, "expiresInSeconds"), (refused.Status, refused.Field));
    }

    [Fact]
    public async Task VisitorWhoSignsInIsMerged()
    {
        await SendAsync();
        var merged = await _client.MergeUserAsync("account", "u1", Token);
        Assert.Equal(new MergeResponse("account", "u1", 1, 10), merged);
        Assert.Equal(0, (await _client.MergeUserAsync("account", "u1", Token)).MovedEvents);
        Assert.Equal("account", (await _client.GetProfileAsync("u1", fresh: true, cancellationToken: Token))!.UserId);
        var refused = await Assert.ThrowsAsync<ProfileServiceException>(() => _client.MergeUserAsync("u1", "account", Token));
        Assert.Equal((HttpStatusCode.Conflict, "merge_cycle"), (refused.Status, refused.Code));
    }

    [Fact]
    public async Task ItemsArePutAndRead()
    {
        Assert.Null(await _client.GetItemAsync("i1", Token));
        await _client.PutItemAsync(new CatalogueItem { ItemId = "i1", Categories = ["yoga", "sports"], Price = 59.9, Title = "Mat", Labels = ["sale"] }, Token);
        var read = await _client.GetItemAsync("i1", Token);
        Assert.Equal(("i1", 59.9, "Mat"), (read!.ItemId, read.Price, read.Title));
        Assert.Equal(["yoga", "sports"], read.Categories!);

        Assert.Equal(2, (await _client.PutItemsAsync([new CatalogueItem { ItemId = "i2" }, new CatalogueItem { ItemId = "a/b", Title = "größe" }], Token)).Accepted);
        Assert.Equal("größe", (await _client.GetItemAsync("a/b", Token))!.Title);
        Assert.Equal(3_000, (await _client.PutItemsAsync(Enumerable.Range(0, 3_000).Select(i => new CatalogueItem { ItemId = $"s{i}" }).ToAsyncEnumerable(), Token)).Accepted);

        var page = await _client.FindItemsAsync("GRÖSS", cancellationToken: Token);
        Assert.Equal((0, null), (page.Items.Count, page.Next));
        page = await _client.FindItemsAsync("s2", "s20", 2, Token);
        Assert.Equal(["s200", "s2000"], page.Items.Select(i => i.ItemId));
        Assert.Equal("s2000", page.Next);
        Assert.Equal("größe", Assert.Single((await _client.FindItemsAsync("GRÖßE", cancellationToken: Token)).Items).Title);

        await _client.PutItemAsync(new CatalogueItem { ItemId = "i2", Available = false, ExpiresAt = Start }, Token);
        var over = await _client.GetItemAsync("i2", Token);
        Assert.Equal((false, Start), (over!.Available, over.ExpiresAt));
        Assert.True(read.Available);
        var patched = await _client.PatchItemAsync("i1", new ItemChanges { Price = 49.9, Remove = ["labels", "title"] }, Token);
        Assert.Equal((49.9, null), (patched!.Price, patched.Title));
        Assert.Equal(["yoga", "sports"], patched.Categories!);
        Assert.Empty(patched.Labels!);
        Assert.Null(await _client.PatchItemAsync("nothing", new ItemChanges(), Token));
        var unknown = await Assert.ThrowsAsync<ProfileServiceException>(
            () => _client.PatchItemAsync("i1", new ItemChanges { Remove = ["prize"] }, Token));
        Assert.Equal((HttpStatusCode.BadRequest, "prize"), (unknown.Status, unknown.Field));

        await _client.DeleteItemAsync("a/b", Token);
        Assert.Null(await _client.GetItemAsync("a/b", Token));
        var refused = await Assert.ThrowsAsync<ProfileServiceException>(() => _client.DeleteItemAsync(new string('x', 129), Token));
        Assert.Equal((HttpStatusCode.BadRequest, "itemId"), (refused.Status, refused.Field));

        var e = await Assert.ThrowsAsync<ProfileServiceException>(() => _client.PutItemAsync(new CatalogueItem { ItemId = "i1", Categories = [.. Enumerable.Range(0, 9).Select(i => $"c{i}")] }, Token));
        Assert.Equal((HttpStatusCode.BadRequest, "categories"), (e.Status, e.Field));
    }

    [Fact]
    public async Task ProfileSaysWhatItIsAndWhy()
    {
        await SendAsync();
        var profile = await _client.GetProfileAsync("u1", ProfileParts.Dimensions | ProfileParts.Explanation, fresh: true, Token);
        Assert.Null(profile!.Vector);
        Assert.InRange(profile.Evidence!.Value, 0, 1);
        Assert.Equal(1, profile.Dimensions!.Interests!.Sum(i => i.Share), 1e-6);
        Assert.Equal(10, profile.Dimensions.Activity!.Events);
        Assert.Equal((24, 7), (profile.Dimensions.Activity.Hours!.Count, profile.Dimensions.Activity.Weekdays!.Count));
        Assert.Equal(10, profile.Explanation!.Events.Count);

        var explanation = await _client.GetExplanationAsync("u1", Token);
        Assert.Equal("u1", explanation!.UserId);
        Assert.Equal(1, explanation.Events.Sum(e => e.Attention), 1e-3);
        Assert.Equal(5, explanation.WithoutEvent!.Count);
        Assert.Null(await _client.GetExplanationAsync("nobody", Token));
    }

    [Fact]
    public async Task WhatAUserMayDoNextIsRead()
    {
        await SendAsync();
        await _client.GetProfileAsync("u1", fresh: true, cancellationToken: Token);
        var recommended = await _client.GetRecommendationsAsync("u1", 3, cancellationToken: Token);
        Assert.Equal(3, recommended!.Items.Count);
        Assert.True(recommended.Items[0].Score >= recommended.Items[2].Score);
        var predicted = await _client.GetPredictionsAsync("u1", Token);
        Assert.Equal(1, predicted!.Kinds!.Sum(k => k.Probability), 1e-6);
        Assert.Null(await _client.GetRecommendationsAsync("nobody", cancellationToken: Token));
        Assert.Null(await _client.GetPredictionsAsync("nobody", Token));

        var filter = new ItemFilter { ExcludeItems = [recommended.Items[0].ItemId] };
        var narrow = await _client.GetRecommendationsAsync("u1", new RecommendationRequest { Count = 2, Filter = filter }, Token);
        Assert.Equal(recommended.Items.Skip(1).Select(i => i.ItemId), narrow!.Items.Select(i => i.ItemId));
        Assert.Null(await _client.GetRecommendationsAsync("nobody", new RecommendationRequest(), Token));
        await _client.SendEventAsync(new UserEvent { UserId = "fan", Kind = EventKinds.Like, ItemId = "yoga-001", Timestamp = Start }, Token);
        await _client.GetProfileAsync("fan", fresh: true, cancellationToken: Token);
        var explained = await _client.GetRecommendationsAsync("fan", new RecommendationRequest { Count = 2, IncludeReason = true }, Token);
        Assert.All(explained!.Items, item => Assert.Equal("yoga-001", item.Reason?.ItemId));
        var popular = await _client.GetRecommendationsAsync("nobody", new RecommendationRequest { Fallback = "popular" }, Token);
        Assert.Empty(popular!.Popular!);

        var ranked = await _client.RankItemsAsync("u1", [recommended.Items[1].ItemId, "no-such-item", recommended.Items[0].ItemId], Token);
        Assert.Equal(recommended.Items.Take(2).Select(i => (i.ItemId, i.Score)), ranked!.Items.Select(i => (i.ItemId, i.Score)));
        Assert.Equal(["no-such-item"], ranked.Unknown);
        Assert.Empty(ranked.Unavailable!);
        await _client.DeleteItemAsync("gone", Token);
        Assert.Equal(["gone"], (await _client.RankItemsAsync("u1", ["gone"], Token))!.Unavailable!);
        Assert.Null(await _client.RankItemsAsync("nobody", ["i1"], Token));
    }

    [Fact]
    public async Task ItemsAreScoredForManyUsers()
    {
        await SendAsync();
        await _client.GetProfileAsync("u1", fresh: true, cancellationToken: Token);
        var alone = (await _client.RankItemsAsync("u1", ["yoga-003", "no-such-item"], Token))!.Items[0];
        var ranking = await _client.RankItemsOfUsersAsync(["nobody", "u1"], ["no-such-item", "yoga-003"], Token);
        Assert.Equal(new RankedItem(alone.ItemId, alone.Score), Assert.Single(Assert.Single(ranking.Users).Items));
        Assert.Equal(["nobody"], ranking.Missing);
        Assert.Equal(["no-such-item"], ranking.UnknownItems);
        var scores = await _client.ScoreItemsOfUsersAsync(["nobody", "u1"], ["no-such-item", "yoga-003"], Token);
        Assert.Equal([float.NaN, (float)alone.Score], scores.Row(1).ToArray());
        Assert.All(scores.Row(0).ToArray(), score => Assert.True(float.IsNaN(score)));
        Assert.Equal(ranking.Model, scores.Model);
    }

    [Fact]
    public async Task WhatBecameOfRecommendationsIsCountedAndTheirListGoesOn()
    {
        await SendAsync();
        await _client.GetProfileAsync("u1", fresh: true, cancellationToken: Token);
        var pages = await _client.GetRecommendationPagesAsync("u1", new RecommendationRequest { Count = 500 }, Token).ToListAsync(Token);
        var items = pages.SelectMany(page => page.Items, (page, item) => item.ItemId).ToList();
        Assert.Equal((2, items.Count), (pages.Count, items.Distinct().Count()));
        await _client.SendEventAsync(
            new UserEvent
            {
                UserId = "u1",
                Kind = EventKinds.Click,
                ItemId = items[0],
                Timestamp = Start.AddDays(1),
                RecommendationId = pages[0].RecommendationId,
            },
            Token);
        var status = await Eventually.AnswersAsync(() => _client.GetStatusAsync(Token), s => s.Recommendations is not null);
        var outcome = Assert.Single(status.Recommendations!);
        Assert.Equal((items.Count, 1, 0), (outcome.Shown, outcome.Clicked, outcome.Bought));
    }

    [Fact]
    public async Task SessionThatIsStoredNowhereHasAProfile()
    {
        var session = new SessionRequest
        {
            Events = [new() { UserId = "visitor", Kind = EventKinds.View, ItemId = "yoga-003", Timestamp = Start, Categories = ["yoga"] }],
            Attributes = new Dictionary<string, AttributeValue> { ["age"] = 34 },
            Recommend = new RecommendationRequest { Count = 3, Fallback = "popular" },
        };
        var computed = await _client.ComputeProfileAsync(session, Token);
        Assert.Equal(("tiny/1", 16, 16, 1), (computed.Model, computed.Dimension, computed.Vector.Count, computed.EventCount));
        Assert.Equal("yoga", Assert.Single(computed.Dimensions.Interests!).Category);
        Assert.Equal((3, 0), (computed.Items!.Count, computed.Popular!.Count));
        Assert.Null(await _client.GetProfileAsync("visitor", cancellationToken: Token));
        var bad = session with { Events = [session.Events[0] with { Kind = "stare" }] };
        var e = await Assert.ThrowsAsync<ProfileServiceException>(() => _client.ComputeProfileAsync(bad, Token));
        Assert.Equal((HttpStatusCode.BadRequest, "events[0].kind"), (e.Status, e.Field));
    }

    [Fact]
    public async Task ItemsThatAreLikeAnItemAreRead()
    {
        await _client.PutItemAsync(new CatalogueItem { ItemId = "yoga-004", Categories = ["yoga"], Title = "Mat" }, Token);
        var similar = await _client.GetSimilarItemsAsync("yoga-003", 5, cancellationToken: Token);
        Assert.Equal(("yoga-003", "tiny/1", 5), (similar!.ItemId, similar.Model, similar.Items.Count));
        Assert.True(similar.Items[0].Similarity >= similar.Items[4].Similarity);
        var yoga = await _client.GetSimilarItemsAsync("yoga-003", categories: ["yoga", "no such"], cancellationToken: Token);
        Assert.Equal(("yoga-004", "Mat"), (Assert.Single(yoga!.Items).ItemId, yoga.Items[0].Title));
        Assert.Null(await _client.GetSimilarItemsAsync("no-such-item", cancellationToken: Token));
    }

    [Fact]
    public async Task UsersWhomItemsFitAreRead()
    {
        await _client.PutItemAsync(new CatalogueItem { ItemId = "yoga-003", Categories = ["a/b"] }, Token);
        await SendAsync();
        foreach (var user in (string[])["u1", "u2", "v1"])
            await _client.GetProfileAsync(user, fresh: true, cancellationToken: Token);
        var ofItem = await _client.GetItemUsersAsync("yoga-003", 5, Token);
        Assert.Equal(("yoga-003", "tiny/1", "exact"), (ofItem!.ItemId, ofItem.Model, ofItem.Search));
        Assert.Contains(ofItem.Users, user => user.UserId == "u1");
        var ofCategory = await _client.GetCategoryUsersAsync("a/b", 5, Token);
        Assert.Equal(("a/b", "tiny/1", "exact"), (ofCategory!.Category, ofCategory.Model, ofCategory.Search));
        Assert.Equal(ofItem.Users, ofCategory.Users);
        Assert.Null(await _client.GetItemUsersAsync("no-such-item", cancellationToken: Token));
        Assert.Null(await _client.GetCategoryUsersAsync("no such", cancellationToken: Token));
    }

    [Fact]
    public async Task OtherUsersAreFound()
    {
        await SendAsync();
        foreach (var user in (string[])["u1", "u2", "v1"])
            await _client.GetProfileAsync(user, fresh: true, cancellationToken: Token);
        var similar = await _client.GetSimilarAsync("u1", cancellationToken: Token);
        Assert.Equal(["u2", "v1"], similar!.Users.Select(u => u.UserId).Order());
        Assert.All(similar.Users, u => Assert.InRange(u.Similarity, -1.0001, 1.0001));
        Assert.Null(await _client.GetSimilarAsync("nobody", cancellationToken: Token));

        var found = await _client.FindUsersAsync("u", cancellationToken: Token);
        Assert.Equal(["u1", "u2"], found.Users);
        Assert.Equal(3, found.Total);
        var status = await Eventually.AnswersAsync(() => _client.GetStatusAsync(Token), s => s.Users is not null);
        Assert.Equal((3, 30), (status.Users, status.Events));
    }

    public void Dispose() => _service.Dispose();

    private async Task SendAsync()
    {
        var events = from user in (string[])["u1", "u2", "v1"]
                     from i in Enumerable.Range(0, 10)
                     select new UserEvent { UserId = user, Kind = EventKinds.View, ItemId = $"i{i}", Timestamp = Start.AddMinutes(i), Categories = ["yoga"] };
        Assert.Equal(30, (await _client.SendEventsAsync(events, Token)).Accepted);
    }
}
