using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using ProfileService.Platform;
using ProfileService.Privacy.Merging;
using ProfileService.Storage;
using ProfileService.Windows;
using StackExchange.Redis;

namespace ProfileService.Privacy;

/// <summary>
/// Follows the aliases, and the ledger, so that erased users leave the memory of every process, and records up to where. An erasure tells
/// the processes the ids over Redis at once; without Redis, or if a message is lost, a process finds the hashes in the ledger within a
/// second.
/// </summary>
/// <param name="isShared">Whether the database is in Postgres, which other processes can use.</param>
/// <param name="owner">Set if no other process may use it.</param>
internal sealed class ErasureWatch(
    IDbContextFactory<ProfileDbContext> contexts,
    Ledger ledger,
    AliasFollower aliases,
    ErasedUsers erased,
    UserHash hashes,
    TimeProvider time,
    bool isShared,
    RedisConnection? redis = null,
    DatabaseOwner? owner = null) : IDisposable
{
    /// <summary>The channel on which the ids of erased users are told, one a line. Nothing keeps its messages.</summary>
    public static readonly RedisChannel Channel = RedisChannel.Literal("profiles:erased");

    /// <summary>A process that was not seen for so long has ended.</summary>
    public static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(30);

    private const char Separator = '\n'; // in no id
    private const int IdsPerMessage = 100;
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    private readonly string _process = owner?.Process ?? $"{Guid.NewGuid():N}";
    private readonly ConcurrentDictionary<string, Told> _told = new(StringComparer.Ordinal); // by hash, until the entry is read
    private readonly SemaphoreSlim _turn = new(1);
    private long _seen;

    /// <summary>Begins at the end of the ledger: this process has nothing of a user in memory yet.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        _seen = await ledger.FindLastAsync(cancellationToken);
        await aliases.LoadAsync(cancellationToken);
        await RecordAsync(cancellationToken);
    }

    /// <summary>
    /// Takes ids from a message, and drops these users: a process that the database does not answer cannot read their entries, and an
    /// erasure does not wait for it. What is read of them before the entry may still come into memory, until the entry is read.
    /// </summary>
    public void Hear(string? message)
    {
        foreach (var userId in (message ?? "").Split(Separator, StringSplitOptions.RemoveEmptyEntries))
        {
            _told[hashes.Of(userId)] = new Told(userId, time.GetTimestamp());
            erased.Drop(userId);
        }
    }

    /// <summary>Takes the aliases, and drops the users, that were entered since the last time.</summary>
    public async Task FollowAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await aliases.FollowAsync(cancellationToken);
            var before = _seen;
            while (await ledger.ReadPageAsync(_seen, cancellationToken) is { Count: > 0 } page)
                Forget(page);
            await aliases.RestoreAsync(cancellationToken);
            if (_seen != before)
                await RecordAsync(cancellationToken);
            foreach (var (hash, told) in _told.Where(t => time.GetElapsedTime(t.Value.At) > LongestSilence))
                _told.TryRemove(hash, out _); // a message that came after its entry was read
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Tells every process, and waits until all have dropped the users. Returns the number of processes.</summary>
    /// <exception cref="NotGoneException">A process has not.</exception>
    public async Task<int> ForgetEverywhereAsync(IReadOnlyList<string> userIds, long sequence, CancellationToken cancellationToken)
    {
        foreach (var ids in userIds.Chunk(IdsPerMessage))
        {
            var message = string.Join(Separator, ids);
            Hear(message);
            if (redis is not null)
                await redis.Subscriber.PublishAsync(Channel, message);
        }

        await FollowAsync(cancellationToken);
        return isShared ? await WaitAsync(sequence, cancellationToken) : 1;
    }

    /// <summary>Records that this process is alive, and up to where it has followed the ledger.</summary>
    public async Task RecordAsync(CancellationToken cancellationToken)
    {
        if (!isShared)
            return;
        var seen = Volatile.Read(ref _seen);
        if (owner is not null)
        {
            await owner.TakeAsync(seen, cancellationToken);
            return;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await RecordAsync(db, _process, seen, cancellationToken);
    }

    /// <summary>Writes a process's record. Its time is the database's, because the clocks of processes differ.</summary>
    public static Task RecordAsync(ProfileDbContext db, string process, long sequence, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO erasure_watchers (process, sequence, seen_at) VALUES ({process}, {sequence}, clock_timestamp())
            ON CONFLICT (process) DO UPDATE SET sequence = excluded.sequence, seen_at = excluded.seen_at
            """, cancellationToken);

    /// <summary>The records of processes that are alive.</summary>
    public static IQueryable<ErasureWatcher> Alive(ProfileDbContext db) => db.ErasureWatchers
        .FromSql($"SELECT process, sequence, seen_at FROM erasure_watchers WHERE seen_at >= clock_timestamp() - {LongestSilence}")
        .AsNoTracking();

    /// <summary>Records that this process ends, and drops those that ended without a word.</summary>
    public async Task EndAsync()
    {
        if (!isShared)
            return;
        await using var db = await contexts.CreateDbContextAsync();
        await db.Database.ExecuteSqlAsync(
            $"DELETE FROM erasure_watchers WHERE process = {_process} OR seen_at < clock_timestamp() - {2 * LongestSilence}");
    }

    public void Dispose() => _turn.Dispose();

    private void Forget(IReadOnlyList<ErasedUser> page)
    {
        var unknown = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var user in page)
        {
            if (_told.TryRemove(user.UserHash, out var told))
                erased.Forget(told.UserId, user.UserHash, user.RevisionFloor);
            else
                unknown[user.UserHash] = user.RevisionFloor;
        }

        if (unknown.Count > 0)
            erased.ForgetByHash(unknown);
        Volatile.Write(ref _seen, page[^1].Sequence);
    }

    private readonly record struct Told(string UserId, long At);

    private async Task<int> WaitAsync(long sequence, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
            {
                var others = await Alive(db).ToListAsync(cancellationToken);
                if (others.TrueForAll(w => w.Sequence >= sequence))
                    return others.Count;
            }

            if (time.GetElapsedTime(began) > LongestWait)
                throw new NotGoneException("a process has not confirmed that its memory is clear");
            await Task.Delay(PollInterval, time, cancellationToken);
        }
    }
}

/// <summary>Something of an erased user is still there. The message says what, without the user.</summary>
internal sealed class NotGoneException(string what) : Exception(what);
