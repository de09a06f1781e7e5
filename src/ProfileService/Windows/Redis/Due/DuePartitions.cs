using ProfileService.Platform;

namespace ProfileService.Windows.Redis.Due;

/// <summary>
/// What this process knows about the due users of each partition. With it, a claim goes to the partitions with the longest due users, not
/// to all. Every reply of a script updates it, and so do messages of other processes (<see cref="RedisDueWorker"/>). Times are Unix ms.
/// </summary>
internal sealed class DuePartitions(RedisPartitions partitions, TimeProvider time)
{
    private const int Handful = 16; // users

    private readonly Lock _lock = new();
    private readonly State[] _partitions = [.. Enumerable.Repeat(State.Empty, partitions.Count)];
    private long _asked;

    /// <summary>Users known to be due or claimed. A user that changed while claimed may count twice until the next snapshot.</summary>
    public long Users
    {
        get
        {
            lock (_lock)
                return _partitions.Sum(p => p.Snapshot.Due + p.Snapshot.Claimed);
        }
    }

    /// <summary>Called before each command, in the order in which they are sent; <see cref="Learn"/> gets the result.</summary>
    public Asked Ask(int partition)
    {
        lock (_lock)
            return new Asked(++_asked, _partitions[partition].Additions);
    }

    /// <summary>
    /// Keeps a reply's snapshot unless that of a later command is known. A user added since the command was sent may have come after
    /// the snapshot: how long the oldest has waited is kept, how many are due is the snapshot's.
    /// </summary>
    public void Learn(int partition, DueSnapshot snapshot, Asked asked)
    {
        lock (_lock)
        {
            var known = _partitions[partition];
            if (asked.Number < known.Learnt)
                return;
            if (known.Additions != asked.Additions)
                snapshot = snapshot with { Oldest = Math.Min(snapshot.Oldest, known.Snapshot.Oldest) };
            _partitions[partition] = known with { Snapshot = snapshot, Learnt = asked.Number };
        }
    }

    /// <summary>Adds a due user.</summary>
    public void Add(int partition, long since)
    {
        lock (_lock)
        {
            var known = _partitions[partition];
            var snapshot = known.Snapshot with { Oldest = Math.Min(known.Snapshot.Oldest, since), Due = known.Snapshot.Due + 1 };
            _partitions[partition] = known with { Snapshot = snapshot, Additions = known.Additions + 1 };
        }
    }

    public bool IsAvoided(int partition)
    {
        lock (_lock)
            return IsAvoided(_partitions[partition]);
    }

    /// <summary>Avoids a partition for a while from now on, because its server fails; not any more if that is 0.</summary>
    public void Avoid(int partition, TimeSpan pause)
    {
        lock (_lock)
            _partitions[partition] = _partitions[partition] with { AvoidedSince = time.GetTimestamp(), Pause = pause };
    }

    /// <summary>Whether a user can be claimed.</summary>
    public bool IsAnyClaimable(long now)
    {
        lock (_lock)
            return _partitions.Any(p => DueSince(p, now, DueSnapshot.Never) != DueSnapshot.Never);
    }

    /// <summary>
    /// Where to claim a number of users, the partitions with the longest due users first. Each partition gives a handful before any gives
    /// more, so that a busy partition does not delay the others. It is a handful, so that not every user costs a command.
    /// </summary>
    /// <param name="latest">A lease that ends later was taken by a clock that was ahead, see <see cref="Claim.LatestLeaseEnd"/>.</param>
    public IReadOnlyList<Share> Shares(long now, long latest, int users)
    {
        lock (_lock)
        {
            var claimable = Enumerable.Range(0, partitions.Count)
                .Where(p => DueSince(_partitions[p], now, latest) != DueSnapshot.Never)
                .OrderBy(p => DueSince(_partitions[p], now, latest));
            var shares = new List<Share>();
            foreach (var partition in claimable)
            {
                if (users == 0)
                    break;
                var known = _partitions[partition];
                var few = Math.Min(users, Math.Min(known.Claimable(now, latest), Handful));
                var share = new Share(partition, few, known.HasLeaseAfter(latest));
                shares.Add(share);
                users -= share.Users;
            }

            for (var i = 0; i < shares.Count && users > 0; i++)
            {
                var known = _partitions[shares[i].Partition];
                var more = Math.Min(users, Math.Min(known.Claimable(now, latest), RedisDueScripts.MostUsers) - shares[i].Users);
                shares[i] = shares[i] with { Users = shares[i].Users + more };
                users -= more;
            }

            return shares;
        }
    }

    private bool IsAvoided(State state) => state.Pause > TimeSpan.Zero && time.GetElapsedTime(state.AvoidedSince) < state.Pause;

    private long DueSince(State state, long now, long latest) => IsAvoided(state) ? DueSnapshot.Never : state.DueSince(now, latest);

    /// <param name="AvoidedSince">Timestamp from which on the partition is avoided for the pause.</param>
    /// <param name="Learnt">Number of the command that the snapshot is of.</param>
    private readonly record struct State(DueSnapshot Snapshot, long Additions, long AvoidedSince, TimeSpan Pause, long Learnt)
    {
        public static State Empty { get; } = new(DueSnapshot.Nobody, 0, 0, TimeSpan.Zero, 0);

        public long DueSince(long now, long latest) =>
            HasFreeLease(now, latest) ? Math.Min(Snapshot.Oldest, Math.Min(Snapshot.LeaseEnd, now))
            : Snapshot.Oldest;

        /// <summary>Number of users that can be claimed; at least one if <see cref="DueSince"/> is a time.</summary>
        public int Claimable(long now, long latest) =>
            (int)Math.Clamp(HasFreeLease(now, latest) ? Snapshot.Due + Snapshot.Claimed : Snapshot.Due, 1, int.MaxValue);

        /// <summary>Whether the lease that ends first ends after the given time.</summary>
        public bool HasLeaseAfter(long latest) => Snapshot.LeaseEnd > latest && Snapshot.LeaseEnd != DueSnapshot.Never;

        private bool HasFreeLease(long now, long latest) => Snapshot.LeaseEnd <= now || HasLeaseAfter(latest);
    }

    /// <summary>A command that was sent.</summary>
    /// <param name="Number">Higher than that of every earlier command.</param>
    /// <param name="Additions">Users that this process had added before.</param>
    internal readonly record struct Asked(long Number, long Additions);

    /// <summary>How many users to claim in a partition.</summary>
    /// <param name="HasLateLease">Whether there are leases that end later than any can.</param>
    internal readonly record struct Share(int Partition, int Users, bool HasLateLease);
}
