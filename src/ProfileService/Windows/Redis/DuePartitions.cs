using ProfileService.Platform;

namespace ProfileService.Windows.Redis;

/// <summary>
/// What this process knows of the due users of each partition: enough to claim where some are, the longest due first, without
/// asking everywhere. Learnt from every reply of a script; news of other processes come by <see cref="RedisDueWatch"/>. Times are Unix ms.
/// </summary>
internal sealed class DuePartitions(RedisPartitions partitions)
{
    private const int Handful = 16; // users

    private readonly Lock _lock = new();
    private readonly State[] _partitions = [.. Enumerable.Repeat(State.Empty, partitions.Count)];
    private long _asked;

    /// <summary>Users due or claimed, as far as is known; one that changed while claimed may be counted twice until the next look.</summary>
    public long Users
    {
        get
        {
            lock (_lock)
                return _partitions.Sum(p => p.Look.Due + p.Look.Claimed);
        }
    }

    /// <summary>To be told before a command is sent, in the order in which they are; given to <see cref="Learn"/> with its reply.</summary>
    public Asked Ask(int partition)
    {
        lock (_lock)
            return new Asked(++_asked, _partitions[partition].Additions);
    }

    /// <summary>
    /// Takes a reply's look for what there is, where none of a later command is known; a user added since it was sent may have come after
    /// the look, and is kept.
    /// </summary>
    public void Learn(int partition, DueLook look, Asked asked)
    {
        lock (_lock)
        {
            var known = _partitions[partition];
            if (asked.Number < known.Learnt)
                return;
            if (known.Additions != asked.Additions)
                look = look with { Oldest = Math.Min(look.Oldest, known.Look.Oldest) };
            _partitions[partition] = known with { Look = look, Learnt = asked.Number };
        }
    }

    /// <summary>One user more is due.</summary>
    public void Add(int partition, long since)
    {
        lock (_lock)
        {
            var known = _partitions[partition];
            var look = known.Look with { Oldest = Math.Min(known.Look.Oldest, since), Due = known.Look.Due + 1 };
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

    /// <summary>Whether a user can be claimed.</summary>
    public bool IsAnyClaimable(long now)
    {
        lock (_lock)
            return _partitions.Any(p => p.DueSince(now, DueLook.Never) != DueLook.Never);
    }

    /// <summary>
    /// Where to claim so many users, the partitions of the longest due first. Each gives a handful before one gives more, so that a busy
    /// one keeps nobody waiting, and a handful, so that a command is not spent on each user.
    /// </summary>
    /// <param name="latest">A lease that ends later was taken by a clock that was ahead, see <see cref="Claim.LatestLeaseEnd"/>.</param>
    public IReadOnlyList<Share> Shares(long now, long latest, int users)
    {
        lock (_lock)
        {
            var claimable = Enumerable.Range(0, partitions.Count)
                .Where(p => _partitions[p].DueSince(now, latest) != DueLook.Never)
                .OrderBy(p => _partitions[p].DueSince(now, latest));
            var shares = new List<Share>();
            foreach (var partition in claimable)
            {
                if (users == 0)
                    break;
                var known = _partitions[partition];
                var share = new Share(partition, Math.Min(users, Math.Min(known.Claimable(now, latest), Handful)), known.HasLeaseAfter(latest));
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

    /// <param name="Learnt">Number of the command that the look is of.</param>
    private readonly record struct State(DueLook Look, long Additions, long AvoidUntil, long Learnt)
    {
        public static State Empty { get; } = new(DueLook.Nobody, 0, 0, 0);

        public long DueSince(long now, long latest) =>
            now < AvoidUntil ? DueLook.Never
            : HasFreeLease(now, latest) ? Math.Min(Look.Oldest, Math.Min(Look.LeaseEnd, now))
            : Look.Oldest;

        /// <summary>How many users, at least one where <see cref="DueSince"/> says since when.</summary>
        public int Claimable(long now, long latest) =>
            (int)Math.Clamp(HasFreeLease(now, latest) ? Look.Due + Look.Claimed : Look.Due, 1, int.MaxValue);

        /// <summary>Whether even the lease that ends first ends after then.</summary>
        public bool HasLeaseAfter(long latest) => Look.LeaseEnd > latest && Look.LeaseEnd != DueLook.Never;

        private bool HasFreeLease(long now, long latest) => Look.LeaseEnd <= now || HasLeaseAfter(latest);
    }

    /// <summary>A command that was sent.</summary>
    /// <param name="Number">Rises from one to the next.</param>
    /// <param name="Additions">Users that this process had added before.</param>
    internal readonly record struct Asked(long Number, long Additions);

    /// <summary>How many users to claim in a partition.</summary>
    /// <param name="HasLateLease">Whether there are leases that end later than any can.</param>
    internal readonly record struct Share(int Partition, int Users, bool HasLateLease);
}
