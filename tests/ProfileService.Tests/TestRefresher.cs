using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using ProfileService.Attributes;
using ProfileService.Dimensions;
using ProfileService.Items;
using ProfileService.Model;
using ProfileService.Platform;
using ProfileService.Profiles;
using ProfileService.Purposes;
using ProfileService.Refresh;
using ProfileService.Sentiment;
using ProfileService.Storage;
using ProfileService.Tests.Windows;
using ProfileService.Windows;

namespace ProfileService.Tests;

/// <summary>A refresh without its worker.</summary>
internal static class TestRefresher
{
    /// <param name="services">Have the profiles' store and the metrics.</param>
    public static ProfileRefresher Create(
        IServiceProvider services, TestStores stores, ModelSlot models, ModelRegistry registry, RefreshOptions options,
        TimeProvider time)
    {
        var (metrics, items) = (services.GetRequiredService<ProfileMetrics>(), new ItemCatalogue());
        var dimensions = new DimensionReader(items, new SentimentScorer(null, metrics, time), Options.Create(new RatingOptions()));
        var contexts = services.GetRequiredService<IDbContextFactory<ProfileDbContext>>();
        var hashes = new UserHash();
        return new ProfileRefresher(
            stores.Queue,
            new AttributeStore(contexts, stores.Windows),
            new ProfileComputer(models, items, dimensions, metrics, time, NullLogger<ProfileComputer>.Instance),
            services.GetRequiredService<ProfileStore>(),
            registry,
            new PurposeStore(contexts, hashes, new UserPurposes(hashes, stores.Aliases, Options.Create(new PurposeOptions())), time),
            stores.Aliases,
            new MisplacedWindows(time),
            metrics,
            Options.Create(options),
            time);
    }

    /// <summary>Claims and refreshes a batch; returns how many users were claimed.</summary>
    public static async Task<int> RefreshDueAsync(this ProfileRefresher refresher, CancellationToken cancellationToken)
    {
        var claims = await refresher.ClaimDueAsync(cancellationToken);
        if (claims.Count > 0)
            await refresher.RefreshAsync(claims);
        return claims.Count;
    }
}
