using ProfileService.Client;

namespace ProfileService.Tests.Client;

/// <summary>The C# examples of docs/clients.md: each region is the block under the heading of its name, to the letter.</summary>
internal static class Examples
{
    public static ProfileServiceClient Connect()
    {
        #region Connect
        var profiles = ProfileServiceClient.Create(new Uri("http://localhost:8080"));
        #endregion
        return profiles;
    }

    public static async Task<long> SendEventsAsync(ProfileServiceClient profiles, TimeProvider time)
    {
        #region Send events
        var sent = await profiles.SendEventsAsync(
        [
            new UserEvent { UserId = "ada", Kind = EventKinds.View, ItemId = "yoga-011", Timestamp = time.GetUtcNow(), Categories = ["yoga"], Value = 24.90 },
            new UserEvent { UserId = "ben", Kind = EventKinds.Review, ItemId = "makeup-030", Timestamp = time.GetUtcNow(), Categories = ["makeup"], Text = "Lovely colour" },
        ]);
        Console.WriteLine($"{sent.Accepted} accepted");
        foreach (var problem in sent.Problems)
            Console.WriteLine($"event {problem.Index}: {problem.Detail}");
        if (sent.UnknownFields is { } names)
            Console.WriteLine($"nobody reads {string.Join(", ", names)}");
        #endregion
        return sent.Accepted;
    }

    public static async Task<UserProfile> ReadProfileAsync(ProfileServiceClient profiles)
    {
        #region Read a profile
        var profile = await profiles.GetProfileAsync("ada", fresh: true); // null where nothing is known of the user
        Console.WriteLine($"{profile!.UserId}: {profile.EventCount} events, revision {profile.Revision}, {profile.Vector!.Length} numbers");
        foreach (var interest in profile.Dimensions?.Interests ?? [])
            Console.WriteLine($"{interest.Category} {interest.Share:P0}");

        var update = await profiles.GetProfileIfChangedAsync("ada", profile.ETag!);
        Console.WriteLine(update.NotModified ? "unchanged" : "changed");
        #endregion
        return profile;
    }

    public static async Task<(VectorMatrix Matrix, float[] Room)> ReadVectorsAsync(ProfileServiceClient profiles)
    {
        #region Vectors of many users
        foreach (var user in (string[])["ada", "ben"]) // whose events were sent a moment ago
            await profiles.GetProfileAsync(user, fresh: true);

        string[] users = ["ada", "nobody", "ben"];
        var matrix = await profiles.LookupVectorsAsync(users);
        for (var row = 0; row < users.Length; row++)
            Console.WriteLine(matrix.HasVector(row) ? $"{users[row]} begins with {matrix.Row(row).Span[0]}" : $"{users[row]} has no vector");
        if (matrix.Unavailable == 0)
            Console.WriteLine($"{string.Join(", ", matrix.Missing)} have no profile");

        // Again and again, without memory of its own:
        var room = new float[users.Length * matrix.Dimension];
        await profiles.LookupVectorsAsync(users, room.AsMemory());
        #endregion
        return (matrix, room);
    }

    public static async Task<(UserAttributes Put, BatchSummary Batch)> PutAttributesAsync(ProfileServiceClient profiles)
    {
        #region Attributes
        var attributes = await profiles.PutAttributesAsync("ada", new Dictionary<string, AttributeValue> { ["age"] = 34, ["gender"] = "female", ["region"] = "north" });
        Console.WriteLine($"{attributes.Attributes.Count} attributes, unused: {string.Join(", ", attributes.Unused ?? [])}");

        var stored = await profiles.PutAttributesBatchAsync([new AttributesEntry("ben", new Dictionary<string, AttributeValue> { ["age"] = 51 })]);
        Console.WriteLine($"{stored.Accepted} accepted");
        #endregion
        return (attributes, stored);
    }

    public static async Task<BatchSummary> PutItemsAsync(ProfileServiceClient profiles)
    {
        #region Items
        await profiles.PutItemAsync(new CatalogueItem { ItemId = "yoga-011", Categories = ["yoga", "sports"], Price = 24.90, Title = "Yoga mat", Labels = ["sale"] });

        var items = Enumerable.Range(1, 2_500).Select(i => new CatalogueItem { ItemId = $"book-{i}", Categories = ["books"] });
        var taken = await profiles.PutItemsAsync(items); // in requests of up to 1,000
        Console.WriteLine($"{taken.Accepted} accepted, {taken.Rejected} rejected");
        #endregion
        return taken;
    }

    public static async Task<(Recommendations? Items, Predictions? Next)> RecommendAsync(ProfileServiceClient profiles)
    {
        #region Recommendations
        var recommended = await profiles.GetRecommendationsAsync("ada", count: 5, excludeSeen: true);
        foreach (var item in recommended?.Items ?? [])
            Console.WriteLine($"{item.ItemId} {item.Title} {item.Score:0.000}");

        var next = await profiles.GetPredictionsAsync("ada");
        foreach (var kind in next?.Kinds?.Take(2) ?? [])
            Console.WriteLine($"{kind.Kind} {kind.Probability:P0}");
        #endregion
        return (recommended, next);
    }

    public static async Task<SimilarUsers?> FindSimilarAsync(ProfileServiceClient profiles)
    {
        #region Similar users
        await profiles.GetProfileAsync("ben", fresh: true);
        var similar = await profiles.GetSimilarAsync("ada", count: 10);
        foreach (var user in similar?.Users ?? [])
            Console.WriteLine($"{user.UserId} {user.Similarity:0.000}");
        #endregion
        return similar;
    }
}
