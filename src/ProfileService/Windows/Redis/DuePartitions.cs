namespace ProfileService.Windows;

/// <summary>
/// What this process knows of the due users of each partition: enough to claim where some are, the longest due first, without
/// asking everywhere. Learnt from every reply of a script; news of other processes come by <see cref="RedisDueWatch"/>. Times are Unix ms.
/// </summary>
internal sealed class DuePartitions(RedisPartitions partitions)
{
    private readonly Lock _lock = new();
    private readonly State[] _partitions = [.. Enumerable.Repeat(State.Empty, partitions.Count)];

    /// <summary>Users due or claimed, as far as is known.</summary>
    public long Users
    {
        get
        {
            lock (_lock)
                return _partitions.Sum(p => p.Look.Users);
        }
    }

    /// <summary>To be asked before a script is sent, and given to <see cref="Learn"/> with its reply.</summary>
    public long Additions(int partition)
    {
        lock (_lock)
            return _partitions[partition].Additions;
    }

    /// <summary>Takes a script's look for what there is; a user added since it was sent may have come after the look, and is kept.</summary>
    public void Learn(int partition, DueLook look, long additionsBefore)
    {
        lock (_lock)
        {
            var known = _partitions[partition];
            if (known.Additions != additionsBefore)
                look = look with { Oldest = Math.Min(look.Oldest, known.Look.Oldest) };
            _partitions[partition] = known with { Look = look };
        }
    }

    /// <summary>One user more is due.</summary>
    public void Add(int partition, long since)
    {
        lock (_lock)
        {
            var known = _partitions[partition];
            var look = known.Look with { Oldest = Math.Min(known.Look.Oldest, since), Users = known.Look.Users + 1 };
            _partitions[partition] = known with { Look = look, Additions = known.Additions + 1 };
        }
    }

    public bool IsAvoided(int partition, long now)
    {
        lock (_lock)
            return now < _partitions[partition].AvoidUntil;
    }

    /// <summary>Leaves a partition alone until then, for its server fails.</summary>
    public void Avoid(int partition, long until)
    {
        lock (_lock)
            _partitions[partition] = _partitions[partition] with { AvoidUntil = until };
    }

    /// <summary>Partitions where a user can be claimed, the longest due first.</summary>
    public IReadOnlyList<int> Claimable(long now, int atMost)
    {
        lock (_lock)
        {
            return [.. Enumerable.Range(0, partitions.Count)
                .Where(p => _partitions[p].DueSince(now) != DueLook.Never)
                .OrderBy(p => _partitions[p].DueSince(now))
                .Take(atMost)];
        }
    }

    private readonly record struct State(DueLook Look, long Additions, long AvoidUntil)
    {
        public static State Empty { get; } = new(DueLook.Nobody, 0, 0);

        public long DueSince(long now) =>
            now < AvoidUntil ? DueLook.Never
            : Look.LeaseEnd <= now ? Math.Min(Look.Oldest, Look.LeaseEnd)
            : Look.Oldest;
    }
}
