using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ProfileService.Platform;
using ProfileService.Profiles;
using ProfileService.Purposes;
using ProfileService.Storage;
using ProfileService.Windows;

namespace ProfileService.Similar;

/// <summary>
/// Finds similar users by comparing a vector with every other vector of the model, in memory. The first search reads all profiles. After
/// that, profiles that this process stores are added at once; if other processes store profiles too, a search reads their changes from the
/// database, at most once per <see cref="SimilarOptions.LookEvery"/>.
/// </summary>
internal sealed class ExactSimilar
{
    public const string Name = "exact";

    private const int BytesBeside = 200; // per user, besides the vector

    private static readonly TimeSpan BeforeCountingAgain = TimeSpan.FromMinutes(1);

    private readonly IDbContextFactory<ProfileDbContext> _contexts;
    private readonly IOptions<SimilarOptions> _options;
    private readonly AvailableMemory _memory;
    private readonly KeepingRule _rule;
    private readonly TimeProvider _time;
    private readonly bool _isShared;
    private readonly Lock _changing = new();
    private volatile Kept? _kept;

    /// <param name="isShared">Whether other processes may store profiles in the same database.</param>
    public ExactSimilar(
        IDbContextFactory<ProfileDbContext> contexts,
        StoredFeed feed,
        IOptions<SimilarOptions> options,
        AvailableMemory memory,
        ErasedUsers erased,
        KeepingRule rule,
        TimeProvider time,
        bool isShared)
    {
        (_contexts, _options, _memory, _isShared) = (contexts, options, memory, isShared);
        (_rule, _time) = (rule, time);
        feed.Subscribe(Take);
        erased.Subscribe(() => _kept?.Index.Users ?? [], userId => _kept?.Index.Remove(userId));
    }

    /// <param name="count">At least 1.</param>
    /// <param name="isAllowed">Whether a user may be found; null if every user may.</param>
    public async Task<SimilarFound> FindAsync(
        QueryVector sought, int count, Func<string, bool>? isAllowed, CancellationToken cancellationToken)
    {
        var kept = KeptOf(sought.Space);
        await kept.Ready().WaitAsync(cancellationToken);
        var users = kept.HasTooMany ? null : kept.Index.Find(sought.UserId, VectorBytes.ToFloats(sought.Bytes), count, isAllowed);
        return new SimilarFound(Name, users, kept.Failure);
    }

    /// <summary>Maximum number of users that it can search, for vectors of this length.</summary>
    public int MostUsers(int dimension) =>
        (int)Math.Min(_options.Value.MaxUsers, _memory.Cache / ((sizeof(float) * dimension) + BytesBeside));

    private void Take(IReadOnlyList<Profile> stored)
    {
        if (_kept is not { HasTooMany: false } kept)
            return;
        foreach (var profile in stored.Where(kept.Space.Has))
            Set(kept.Index, profile.UserId, profile.Revision, profile.Vector);
        kept.Bound();
    }

    /// <summary>Stores the vector, unless it may not be kept any more since it was read.</summary>
    private void Set(FlatIndex index, string userId, long revision, byte[] vector)
    {
        index.Set(userId, revision, vector);
        if (!_rule.MayKeep(userId, revision))
            index.Remove(userId, revision);
    }

    /// <summary>The vectors of the model. Starts over after a change of model, and some time after too many users were found.</summary>
    private Kept KeptOf(VectorSpace space)
    {
        lock (_changing)
        {
            if (_kept is { } kept && kept.Space == space && !(kept.HasTooMany && _time.GetElapsedTime(kept.BegunAt) > BeforeCountingAgain))
                return kept;
            return _kept = new Kept(this, space);
        }
    }

    /// <summary>The vectors of one model, and up to which change the profiles were read.</summary>
    private sealed class Kept(ExactSimilar owner, VectorSpace space)
    {
        private readonly Lock _starting = new();
        private Task? _read;
        private long? _through; // number of the last change up to which all have been read
        private volatile FlatIndex _index = new(space.Dimension);
        private volatile bool _hasTooMany;
        private volatile Exception? _failure;
        private long _triedAt; // timestamp of the last read

        public VectorSpace Space => space;

        public long BegunAt { get; } = owner._time.GetTimestamp();

        public FlatIndex Index => _index;

        public bool HasTooMany => _hasTooMany;

        /// <summary>Why the last changes could not be read; null if they were. What was read before is searched meanwhile.</summary>
        public Exception? Failure => _failure;

        /// <summary>Completes when the vectors can be searched. Concurrent callers wait for the same read.</summary>
        public Task Ready()
        {
            lock (_starting)
            {
                if (_read is not { IsCompleted: false } && IsToBeRead())
                    _read = Task.Run(ReadAsync);
                return _read ?? Task.CompletedTask;
            }
        }

        /// <summary>Drops the vectors if there are too many.</summary>
        public void Bound()
        {
            if (_index.Count <= owner.MostUsers(space.Dimension))
                return;
            _hasTooMany = true;
            _index = new FlatIndex(space.Dimension);
        }

        private bool IsToBeRead() => !HasTooMany
            && (_through is null || (owner._isShared && owner._time.GetElapsedTime(_triedAt) >= owner._options.Value.LookEvery));

        private async Task ReadAsync()
        {
            _triedAt = owner._time.GetTimestamp();
            try
            {
                await ReadChangesAsync();
                _failure = null;
            }
            catch (Exception e) when (_through is not null && StoreFailure.Is(e))
            {
                _failure = e;
            }
        }

        private async Task ReadChangesAsync()
        {
            var most = owner.MostUsers(space.Dimension);
            var (id, digest, former) = space.Model;
            await using var db = await owner._contexts.CreateDbContextAsync();
            var (readable, given) = await db.FindChangeNumbersAsync(CancellationToken.None);
            var changed = db.Profiles.AsNoTracking().Where(p => p.Model == id && (p.Digest == digest || p.Digest == former));
            if (_through is { } through && through <= given) // otherwise the database was replaced by an earlier state of it
                changed = changed.Where(p => p.Change > through);

            await foreach (var p in changed.Take(most + 1).Select(p => new { p.UserId, p.Revision, p.Vector }).AsAsyncEnumerable())
                owner.Set(Index, p.UserId, p.Revision, p.Vector);
            Bound();
            _through = readable;
        }
    }
}
