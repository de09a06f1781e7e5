using System.Buffers.Binary;
using System.Text;
using Microsoft.Extensions.Options;
using ProfileService.Hosting;
using ProfileService.Model;
using ProfileService.Windows;
using StackExchange.Redis;

namespace ProfileService.Profiles;

/// <summary>
/// Current profiles in Redis, beside their windows, so that a lookup asks one server once. Written by the refresh and, where Redis
/// lost them, by lookups; a lower revision never replaces a higher one.
/// </summary>
internal sealed class ProfileCache(RedisConnection redis, RedisPartitions partitions, IOptions<ProfileOptions> options)
{
    private const int HeaderBytes = 36;
    private const int MostOfAScript = 1_000; // users

    // KEYS profiles. ARGV TTL ms, then the values, which begin with their revision.
    private const string Write = """
        for i, current in ipairs(redis.call('MGET', unpack(KEYS))) do
            if not current or #current < 8 or struct.unpack('<i8', current) <= struct.unpack('<i8', ARGV[i + 1]) then
                redis.call('SET', KEYS[i], ARGV[i + 1], 'PX', ARGV[1])
            end
        end
        """;

    /// <summary>The users' profiles by this model in the order asked; null where there is none.</summary>
    public async Task<Profile?[]> FindAsync(IReadOnlyList<string> userIds, ModelStamp model)
    {
        var values = await Task.WhenAll(userIds.Select(id => redis.Database.StringGetAsync(Key(id, model))));
        return [.. userIds.Zip(values, (id, value) => Read(id, model, value))];
    }

    public Task StoreAsync(IReadOnlyList<Profile> profiles) =>
        Task.WhenAll(profiles.GroupBy(p => partitions.Of(p.UserId)).SelectMany(partition => partition.Chunk(MostOfAScript)).Select(StoreTogetherAsync));

    /// <summary>Stores profiles without waiting for it; what fails is missed and filled again.</summary>
    public void Fill(IReadOnlyList<Profile> profiles)
    {
        foreach (var profile in profiles)
            _ = WriteAsync([profile], CommandFlags.FireAndForget);
    }

    // Of one partition. A full Redis refuses new profiles; then the old ones must go, so that lookups find the new ones in the record.
    private async Task StoreTogetherAsync(IReadOnlyList<Profile> profiles)
    {
        try
        {
            await WriteAsync(profiles, CommandFlags.None);
        }
        catch (RedisServerException)
        {
            await redis.Database.KeyDeleteAsync(Keys(profiles));
        }
    }

    // {p017}:profile:<model>@<digest>:<user> → revision (8 bytes), events through (8, ticks), computed at (8, ticks), event count (4), confidence (4,
    // float), bytes of the vector (4), vector, dimensions (JSON, UTF-8; none where there are none); little-endian
    private RedisKey Key(string userId, ModelStamp model) => $"{partitions.TagOf(userId)}:profile:{model}:{userId}";

    private RedisKey[] Keys(IReadOnlyList<Profile> profiles) => [.. profiles.Select(p => Key(p.UserId, p.Stamp))];

    private Task WriteAsync(IReadOnlyList<Profile> profiles, CommandFlags flags) => redis.Database.ScriptEvaluateAsync(
        Write, Keys(profiles), [(long)options.Value.CacheTtl.TotalMilliseconds, .. profiles.Select(p => (RedisValue)Value(p))], flags);

    private static byte[] Value(Profile profile)
    {
        var dimensions = profile.Dimensions ?? "";
        var value = new byte[HeaderBytes + profile.Vector.Length + Encoding.UTF8.GetByteCount(dimensions)];
        BinaryPrimitives.WriteInt64LittleEndian(value, profile.Revision);
        BinaryPrimitives.WriteInt64LittleEndian(value.AsSpan(8), profile.EventsThrough.Ticks);
        BinaryPrimitives.WriteInt64LittleEndian(value.AsSpan(16), profile.ComputedAt.Ticks);
        BinaryPrimitives.WriteInt32LittleEndian(value.AsSpan(24), profile.EventCount);
        BinaryPrimitives.WriteSingleLittleEndian(value.AsSpan(28), profile.Confidence);
        BinaryPrimitives.WriteInt32LittleEndian(value.AsSpan(32), profile.Vector.Length);
        profile.Vector.CopyTo(value.AsSpan(HeaderBytes));
        Encoding.UTF8.GetBytes(dimensions, value.AsSpan(HeaderBytes + profile.Vector.Length));
        return value;
    }

    private static Profile? Read(string userId, ModelStamp model, byte[]? value)
    {
        if (value is null)
            return null;
        var end = HeaderBytes + BinaryPrimitives.ReadInt32LittleEndian(value.AsSpan(32));
        return new Profile
        {
            UserId = userId,
            Model = model.Id,
            Digest = model.Digest,
            Revision = BinaryPrimitives.ReadInt64LittleEndian(value),
            EventsThrough = new DateTime(BinaryPrimitives.ReadInt64LittleEndian(value.AsSpan(8)), DateTimeKind.Utc),
            ComputedAt = new DateTime(BinaryPrimitives.ReadInt64LittleEndian(value.AsSpan(16)), DateTimeKind.Utc),
            EventCount = BinaryPrimitives.ReadInt32LittleEndian(value.AsSpan(24)),
            Confidence = BinaryPrimitives.ReadSingleLittleEndian(value.AsSpan(28)),
            Vector = value[HeaderBytes..end],
            Dimensions = end < value.Length ? Encoding.UTF8.GetString(value.AsSpan(end)) : null,
        };
    }
}
