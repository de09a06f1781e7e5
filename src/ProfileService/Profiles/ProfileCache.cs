using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Extensions.Options;
using ProfileService.Model;
using ProfileService.Platform;
using ProfileService.Storage;
using ProfileService.Windows;
using StackExchange.Redis;

namespace ProfileService.Profiles;

/// <summary>
/// Current profiles in Redis, in the partition of their windows, so that a lookup reads from one server. The refresh writes them; lookups
/// write those that Redis has lost. A lower revision never replaces a higher one.
/// </summary>
internal sealed partial class ProfileCache(
    RedisConnection redis,
    RedisPartitions partitions,
    UserHash hashes,
    ProfileMetrics metrics,
    IOptions<ProfileOptions> options,
    ILogger<ProfileCache> logger)
{
    private const int HeaderBytes = 36;
    private const int SumBytes = sizeof(uint);
    private const int UsersPerCall = 32; // of some 2 KB each
    private const int UsersPerPage = 1_000;

    // KEYS: profiles, then of each the marks of erased users in its partition. ARGV: TTL in ms, then the values, each beginning with its
    // revision, then the hashes of the users' ids. Also replaces a value with an altered revision. Writes nothing from before an erasure.
    // Redis's Lua hashes every byte of each string that it is given; therefore no more is read of a value than its revision.
    private static readonly string Write = $$"""
        local count = #KEYS / 2
        local has_marks = redis.call('EXISTS', unpack(KEYS, count + 1)) > 0
        for i = 1, count do
            local current, found, check = redis.call('GETRANGE', KEYS[i], '0', '7'), 0, 0
            if #current == 8 then
                found, check = struct.unpack('<I6I2', current)
            end
            local revision = struct.unpack('<I6', ARGV[i + 1])
            local mark = has_marks and redis.call('HGET', KEYS[count + i], ARGV[1 + count + i])
            if mark and revision <= struct.unpack('<i8', mark, {{ErasureMark.LuaFloorAt}}) then
                redis.call('DEL', KEYS[i])
            elseif (check ~= 0 and check ~= 1 + found % {{CheckedRevision.Prime}}) or found <= revision then
                redis.call('SET', KEYS[i], ARGV[i + 1], 'PX', ARGV[1])
            end
        end
        """;

    private bool _isLogged; // whether an altered value was logged

    /// <summary>The users' profiles by this model, in the order of the ids; null for a user without one.</summary>
    public async Task<Profile?[]> FindAsync(IReadOnlyList<string> userIds, ModelStamp model)
    {
        var values = await Task.WhenAll(userIds.Select(id => redis.Database.StringGetAsync(Key(id, model))));
        return [.. userIds.Zip(values, (id, value) => ReadOrCount(id, model, value))];
    }

    /// <param name="hashes">Hashes of the users' ids.</param>
    public Task StoreAsync(IReadOnlyList<Profile> profiles, IReadOnlyDictionary<string, string> hashes) =>
        Task.WhenAll(redis.Calls(profiles, p => partitions.Of(p.UserId), UsersPerCall).Select(call => StoreTogetherAsync(call, hashes)));

    /// <summary>Stores profiles without waiting. If that fails, the next lookup does not find the profile and stores it again.</summary>
    public void Fill(IReadOnlyList<Profile> profiles)
    {
        foreach (var profile in profiles)
            _ = WriteAsync([profile], hashes.OfEach([profile.UserId]), CommandFlags.FireAndForget);
    }

    /// <summary>The keys of the user's profiles by these models.</summary>
    public IReadOnlyList<string> KeysOf(string userId, IReadOnlyList<ModelStamp> models) =>
        [.. models.Select(model => Key(userId, model).ToString())];

    /// <summary>Deletes the users' profiles by any of these models; returns how many there were.</summary>
    public async Task<int> DeleteAsync(IEnumerable<string> userIds, IReadOnlyList<ModelStamp> models)
    {
        var deleted = userIds.SelectMany(id => models.Select(model => redis.Database.KeyDeleteAsync(Key(id, model))));
        return (await Task.WhenAll(deleted)).Count(isDeleted => isDeleted);
    }

    /// <summary>The users that have a profile here by any model, page by page. A user may be returned twice.</summary>
    public async IAsyncEnumerable<IReadOnlyList<string>> ReadUsersAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var server in redis.Primaries)
        {
            var found = server.KeysAsync(redis.Database.Database, AnyKey, UsersPerPage);
            await foreach (var page in found.Chunk(UsersPerPage).WithCancellation(cancellationToken))
                yield return [.. page.Select(UserOf)];
        }
    }

    // If Redis is full and refuses them, the old ones are deleted, so that lookups read the database.
    private async Task StoreTogetherAsync(IReadOnlyList<Profile> profiles, IReadOnlyDictionary<string, string> hashes)
    {
        try
        {
            await WriteAsync(profiles, hashes, CommandFlags.None);
        }
        catch (RedisServerException)
        {
            await Task.WhenAll(profiles.Select(p => redis.Database.KeyDeleteAsync(Key(p.UserId, p.Stamp))));
        }
    }

    // {p017}:profile:<model>@<digest>:<user> → revision (8 bytes, CheckedRevision), events through (8, ticks), computed at (8, ticks),
    // event count (4), evidence (4, float), bytes of the vector (4), vector, dimensions (JSON in UTF-8, may be empty), CRC-32C of user,
    // model and all before it (4); little-endian
    private const string Mark = "}:profile:";
    private const string AnyKey = "{p*}:profile:*";

    /// <summary>The user of a key. A model's stamp has no colon.</summary>
    private static string UserOf(RedisKey key)
    {
        var text = key.ToString();
        var model = text.IndexOf(Mark, StringComparison.Ordinal) + Mark.Length;
        return text[(text.IndexOf(':', model) + 1)..];
    }

    private RedisKey Key(string userId, ModelStamp model) => $"{partitions.TagOf(userId)}:profile:{model}:{userId}";

    private Task WriteAsync(IReadOnlyList<Profile> profiles, IReadOnlyDictionary<string, string> hashes, CommandFlags flags)
    {
        RedisKey[] keys =
        [
            .. profiles.Select(p => Key(p.UserId, p.Stamp)),
            .. profiles.Select(p => (RedisKey)ErasureMark.KeyOf(partitions.TagOf(p.UserId))),
        ];
        RedisValue[] values =
        [
            (long)options.Value.CacheTtl.TotalMilliseconds,
            .. profiles.Select(p => (RedisValue)Value(p)),
            .. profiles.Select(p => (RedisValue)hashes[p.UserId]),
        ];
        return redis.Database.ScriptEvaluateAsync(Write, keys, values, flags);
    }

    private static byte[] Value(Profile profile)
    {
        var dimensions = profile.Dimensions ?? "";
        var value = new byte[HeaderBytes + profile.Vector.Length + Encoding.UTF8.GetByteCount(dimensions) + SumBytes];
        BinaryPrimitives.WriteInt64LittleEndian(value, CheckedRevision.Seal(profile.Revision));
        BinaryPrimitives.WriteInt64LittleEndian(value.AsSpan(8), profile.EventsThrough.Ticks);
        BinaryPrimitives.WriteInt64LittleEndian(value.AsSpan(16), profile.ComputedAt.Ticks);
        BinaryPrimitives.WriteInt32LittleEndian(value.AsSpan(24), profile.EventCount);
        BinaryPrimitives.WriteSingleLittleEndian(value.AsSpan(28), profile.Evidence);
        BinaryPrimitives.WriteInt32LittleEndian(value.AsSpan(32), profile.Vector.Length);
        profile.Vector.CopyTo(value.AsSpan(HeaderBytes));
        Encoding.UTF8.GetBytes(dimensions, value.AsSpan(HeaderBytes + profile.Vector.Length));
        BinaryPrimitives.WriteUInt32LittleEndian(value.AsSpan(^SumBytes..), SumOf(profile.UserId, profile.Stamp, value));
        return value;
    }

    private static uint SumOf(string userId, ModelStamp model, ReadOnlySpan<byte> value) =>
        Crc32C.Of(value[..^SumBytes], Crc32C.Of(Encoding.UTF8.GetBytes($"{model}\n{userId}")));

    /// <summary>Treats an altered value as missing, like one of a former version, because the database has the profile.</summary>
    private Profile? ReadOrCount(string userId, ModelStamp model, byte[]? value)
    {
        if (value is null)
            return null;
        if (Read(userId, model, value) is { } profile)
            return profile;
        metrics.CountAltered("profile", "Redis");
        if (!Interlocked.Exchange(ref _isLogged, true))
            LogAltered(userId);
        return null;
    }

    private static Profile? Read(string userId, ModelStamp model, byte[] value)
    {
        if (value.Length < HeaderBytes + SumBytes)
            return null;
        if (BinaryPrimitives.ReadUInt32LittleEndian(value.AsSpan(^SumBytes..)) != SumOf(userId, model, value))
            return null;
        var end = HeaderBytes + BinaryPrimitives.ReadInt32LittleEndian(value.AsSpan(32));
        return new Profile
        {
            UserId = userId,
            Model = model.Id,
            Digest = model.Digest,
            Revision = CheckedRevision.Open(BinaryPrimitives.ReadInt64LittleEndian(value)),
            EventsThrough = new DateTime(BinaryPrimitives.ReadInt64LittleEndian(value.AsSpan(8)), DateTimeKind.Utc),
            ComputedAt = new DateTime(BinaryPrimitives.ReadInt64LittleEndian(value.AsSpan(16)), DateTimeKind.Utc),
            EventCount = BinaryPrimitives.ReadInt32LittleEndian(value.AsSpan(24)),
            Evidence = BinaryPrimitives.ReadSingleLittleEndian(value.AsSpan(28)),
            Vector = value[HeaderBytes..end],
            Dimensions = end < value.Length - SumBytes ? Encoding.UTF8.GetString(value.AsSpan(end..^SumBytes)) : null,
        };
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The cached profile of user {UserId} in Redis was altered; it is read from the database and written again. "
            + "Others are counted (profiles.altered), not named")]
    private partial void LogAltered(string userId);
}
