using Microsoft.EntityFrameworkCore;
using ProfileService.Cli.Load;
using ProfileService.Model;
using ProfileService.Windows.Codec;
using ProfileService.Windows.Redis.Layout;

namespace ProfileService.Benchmarks;

/// <summary>Users put into the stores as the service would leave them, but without its work: windows in Redis and profiles of the same revision in PostgreSQL.</summary>
internal sealed class SyntheticUsers(ServiceStores stores, int events)
{
    private const int Together = 5_000;
    private const long Revision = 1_760_000_000_000;
    private const int WindowKinds = 1_000; // different windows; more would only take time to make

    /// <summary>Returns what a user takes in each.</summary>
    public async Task<(double Redis, double Postgres)> FillAsync(int count, CancellationToken cancellationToken)
    {
        var random = new Random(count);
        var windows = Enumerable.Range(0, WindowKinds).Select(i => new EncodedWindow(Revision, WindowCodec.Encode(SampleWindow.Of("any", events, random)))).ToList();
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var before = await UsedAsync();
        foreach (var some in LoadUsers.Named(count).Chunk(Together))
            await Task.WhenAll(some.Select((user, i) => stores.Redis.StringSetAsync(stores.Keys.Window(user), RedisWindowValue.Change(user, null, windows[i % WindowKinds], now).Start)));
        var redis = (await UsedAsync() - before) / count;
        await FillProfilesAsync(count, cancellationToken);
        return (redis, await PostgresBytesAsync(cancellationToken) / count);
    }

    private async Task FillProfilesAsync(int count, CancellationToken cancellationToken)
    {
        var manifest = ModelPackage.Read(Repository.Path(ReferencePackage.Served)).Manifest;
        await using var db = await stores.Profiles.CreateDbContextAsync(cancellationToken);
        db.Database.SetCommandTimeout(TimeSpan.FromMinutes(10));
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO profiles (user_id, model, revision, event_count, events_through, computed_at, vector)
            SELECT 'load-' || lpad(i::text, greatest(6, length(i::text)), '0'), {manifest.Id}, {Revision}, {events}, now(), now(), decode(repeat('3e000000', {manifest.Dimension}), 'hex')
            FROM generate_series(1, {count}) AS i
            """, cancellationToken);
        await db.Database.ExecuteSqlRawAsync("VACUUM ANALYZE profiles", cancellationToken);
    }

    // A table in partitions has no size of its own.
    private async Task<double> PostgresBytesAsync(CancellationToken cancellationToken)
    {
        await using var db = await stores.Profiles.CreateDbContextAsync(cancellationToken);
        return await db.Database.SqlQuery<long>($"""SELECT sum(pg_total_relation_size(inhrelid))::bigint AS "Value" FROM pg_inherits WHERE inhparent = 'profiles'::regclass""").SingleAsync(cancellationToken);
    }

    private async Task<double> UsedAsync()
    {
        var info = (string)(await stores.Redis.ExecuteAsync("INFO", "memory"))!;
        var line = info.Split("\r\n").Single(l => l.StartsWith("used_memory:", StringComparison.Ordinal));
        return double.Parse(line["used_memory:".Length..], System.Globalization.CultureInfo.InvariantCulture);
    }
}
