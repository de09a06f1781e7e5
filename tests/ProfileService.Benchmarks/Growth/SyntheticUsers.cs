using Microsoft.EntityFrameworkCore;
using ProfileService.Benchmarks.Setup;
using ProfileService.Cli.Load;
using ProfileService.Storage;
using ProfileService.Windows;
using ProfileService.Windows.Codec;
using ProfileService.Windows.Redis.Layout;
using StackExchange.Redis;

namespace ProfileService.Benchmarks.Growth;

/// <summary>
/// Copies of the demo's users, put into the stores as the service left the demo's, but without its work: windows and cached profiles in
/// Redis; profiles with vector, dimensions and evidence, attributes of every other user, and archived events in PostgreSQL.
/// </summary>
internal sealed class SyntheticUsers(
    ServiceStores stores, PostgresCost postgres, IReadOnlyList<Profile> models, IReadOnlyList<Window> windows)
{
    public const string ArchiveDays = "events_[0-9]{8}";
    private const string Profiles = "profiles_[0-9]{2}";
    private const int Together = 1_000; // in flight at once; Redis waits for the disk
    private const string Demo = "u[0-9]{4}";
    private static readonly TimeSpan Ttl = TimeSpan.FromDays(180); // Windows:IdleTtl

    private readonly List<byte[]> _encoded = [.. windows.Select(WindowCodec.Encode)];

    public double EventsPerWindow => windows.Average(w => w.Events.Count);

    public int Dimension => models[0].Vector.Length / sizeof(float);

    /// <param name="stores">Of a service that has computed the demo's profiles.</param>
    public static async Task<SyntheticUsers> OfDemoAsync(ServiceStores stores, PostgresCost postgres, CancellationToken cancellationToken)
    {
        await using var db = await stores.Profiles.CreateDbContextAsync(cancellationToken);
        var profiles = await db.Profiles.AsNoTracking().OrderBy(p => p.UserId).ToListAsync(cancellationToken);
        return new SyntheticUsers(stores, postgres, profiles, await stores.FindAsync(profiles.Select(p => p.UserId), cancellationToken));
    }

    /// <summary>Bytes by store and table, of all the users together.</summary>
    public async Task<IReadOnlyList<(string What, double Bytes)>> FillAsync(int count, CancellationToken cancellationToken)
    {
        var users = LoadUsers.Named(count);
        var empty = await UsedAsync();
        await EachAsync(users, (some, first) => Task.WhenAll(some.Select((user, i) => FillWindowAsync(user, first + i))));
        var filled = await UsedAsync();
        await EachAsync(users, FillCacheAsync);
        var cached = await UsedAsync();
        var before = await WeighAsync(cancellationToken);
        await FillTablesAsync(count, cancellationToken);
        var after = await WeighAsync(cancellationToken);
        return
        [
            ("Redis: window", filled - empty), ("Redis: read cache", cached - filled),
            .. before.Zip(after, (b, a) => (a.What, a.Bytes - b.Bytes)),
        ];
    }

    /// <summary>Archives the demo's events again, each copy for other users; returns how many events are archived then.</summary>
    public async Task<double> FillArchiveAsync(int copies, CancellationToken cancellationToken)
    {
        await postgres.ExecuteAsync($"""
            INSERT INTO profiles_service.events (archived_at, user_id, event_id, kind, item_id, "timestamp", categories, value, text)
            SELECT now(), 'load-' || lpad((copy * {models.Count} + u.n)::text, 6, '0'), event_id, kind, item_id, "timestamp",
                categories, value, text
            FROM generate_series(0, {copies - 1}) AS copy, profiles_service.events e JOIN ({Numbered("user_id")}) AS u USING (user_id)
            WHERE e.user_id ~ '^{Demo}$'
            """, cancellationToken);
        await postgres.ExecuteAsync("VACUUM ANALYZE", cancellationToken);
        return await postgres.NumberAsync("SELECT count(*) FROM profiles_service.events", cancellationToken);
    }

    private static async Task EachAsync(IReadOnlyList<string> users, Func<string[], int, Task> fill)
    {
        foreach (var (chunk, some) in users.Chunk(Together).Index())
            await fill(some, chunk * Together);
    }

    private Task FillWindowAsync(string user, int i)
    {
        var revision = models[i % models.Count].Revision;
        var value = RedisWindowValue.Change(user, null, new EncodedWindow(revision, _encoded[i % models.Count]), revision).Start;
        // Not by SETEX, which no user of Redis may.
        return stores.Redis.ExecuteAsync("SET", (RedisKey)stores.Keys.Window(user), value, "PX", (long)Ttl.TotalMilliseconds);
    }

    private Task FillCacheAsync(string[] users, int first) => stores.Cache.StoreAsync(
        [.. users.Select((user, i) => Copy(models[(first + i) % models.Count], user))],
        users.ToDictionary(user => user, _ => "")); // nobody is erased

    private static Profile Copy(Profile of, string user) => new()
    {
        UserId = user,
        Model = of.Model,
        Digest = of.Digest,
        Revision = of.Revision,
        EventCount = of.EventCount,
        EventsThrough = of.EventsThrough,
        ComputedAt = of.ComputedAt,
        Vector = of.Vector,
        Evidence = of.Evidence,
        Dimensions = of.Dimensions,
    };

    private async Task FillTablesAsync(int count, CancellationToken cancellationToken)
    {
        var user = "'load-' || lpad(i::text, greatest(6, length(i::text)), '0')";
        await postgres.ExecuteAsync($"""
            INSERT INTO profiles (user_id, model, digest, revision, event_count, events_through, computed_at, vector, evidence, dimensions)
            SELECT {user}, model, digest, revision, event_count, events_through, computed_at, vector, evidence, dimensions
            FROM generate_series(1, {count}) AS i JOIN ({Numbered("*")}) AS u ON u.n = 1 + (i - 1) % {models.Count}
            """, cancellationToken);
        await postgres.ExecuteAsync($"""
            INSERT INTO attributes (user_id, attributes, updated_at)
            SELECT {user}, a.attributes, a.updated_at
            FROM generate_series(1, {count}, 2) AS i JOIN ({Numbered("*")}) AS u ON u.n = 1 + (i - 1) % {models.Count}
            JOIN attributes a USING (user_id)
            """, cancellationToken);
        await postgres.ExecuteAsync("VACUUM ANALYZE", cancellationToken);
    }

    private static string Numbered(string columns) =>
        $"SELECT {columns}, row_number() OVER (ORDER BY user_id) AS n FROM profiles WHERE user_id ~ '^{Demo}$'";

    private async Task<IReadOnlyList<(string What, double Bytes)>> WeighAsync(CancellationToken cancellationToken) =>
    [
        ("PostgreSQL: profiles, rows", await postgres.RowsAsync(Profiles, cancellationToken)),
        ("PostgreSQL: profiles, index", await postgres.IndexesAsync(Profiles, cancellationToken)),
        ("PostgreSQL: attributes, with index",
            await postgres.RowsAsync("attributes", cancellationToken) + await postgres.IndexesAsync("attributes", cancellationToken)),
    ];

    private async Task<double> UsedAsync()
    {
        var info = (string)(await stores.Redis.ExecuteAsync("INFO", "memory"))!;
        var line = info.Split("\r\n").Single(l => l.StartsWith("used_memory:", StringComparison.Ordinal));
        return double.Parse(line["used_memory:".Length..], System.Globalization.CultureInfo.InvariantCulture);
    }
}
