using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ProfileService.Platform;
using ProfileService.Profiles;
using ProfileService.Storage;

namespace ProfileService.Similar;

/// <summary>
/// Similar users by comparing with every vector of the model, in memory. The first search reads the profiles; from then on what this process stores is seen at
/// once, and where others store too the profiles are read through for what they changed, every <see cref="SimilarOptions.LookEvery"/> while searches come.
/// </summary>
internal sealed class ExactSimilar
{
    public const string Name = "exact";

    private const int BytesBeside = 200; // of a user, beside the vector

    /// <summary>What is stored so much later than it says it was computed, or by a clock so far behind, is missed until it is refreshed again.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan BeforeCountingAgain = TimeSpan.FromMinutes(1);

    private readonly IDbContextFactory<ProfileDbContext> _contexts;
    private readonly IOptions<SimilarOptions> _options;
    private readonly AvailableMemory _memory;
    private readonly TimeProvider _time;
    private readonly bool _isShared;
    private readonly Lock _changing = new();
    private volatile Kept? _kept;

    /// <param name="isShared">Whether other processes may store profiles too.</param>
    public ExactSimilar(IDbContextFactory<ProfileDbContext> contexts, StoredFeed feed, IOptions<SimilarOptions> options, AvailableMemory memory, TimeProvider time, bool isShared)
    {
        (_contexts, _options, _memory, _time, _isShared) = (contexts, options, memory, time, isShared);
        feed.Subscribe(Take);
    }

    /// <param name="count">From 1.</param>
    public async Task<SimilarFound> FindAsync(Profile profile, int count, CancellationToken cancellationToken)
    {
        var kept = KeptOf(profile.Space);
        await kept.Ready().WaitAsync(cancellationToken);
        return new SimilarFound(Name, kept.HasTooMany ? null : kept.Index.Find(profile.UserId, VectorBytes.ToFloats(profile.Vector), count));
    }

    /// <summary>Users among whom it searches, for vectors of so many numbers.</summary>
    public int MostUsers(int dimension) => (int)Math.Min(_options.Value.MaxUsers, _memory.Cache / ((sizeof(float) * dimension) + BytesBeside));

    private void Take(IReadOnlyList<Profile> stored)
    {
        if (_kept is not { HasTooMany: false } kept)
            return;
        foreach (var profile in stored.Where(p => p.Space == kept.Space))
            kept.Index.Set(profile.UserId, profile.Revision, profile.Vector);
        kept.Bound();
    }

    /// <summary>What is kept for the model; begun anew where another model's is, or where too many users were found a while ago.</summary>
    private Kept KeptOf(VectorSpace space)
    {
        lock (_changing)
        {
            if (_kept is { } kept && kept.Space == space && !(kept.HasTooMany && _time.GetElapsedTime(kept.BegunAt) > BeforeCountingAgain))
                return kept;
            return _kept = new Kept(this, space);
        }
    }

    /// <summary>The vectors of one model, and when the profiles were last read for them.</summary>
    private sealed class Kept(ExactSimilar owner, VectorSpace space)
    {
        private readonly Lock _looking = new();
        private Task? _look;
        private DateTime? _through; // what was computed up to then has been read
        private volatile FlatIndex _index = new(space.Dimension);
        private volatile bool _hasTooMany;

        public VectorSpace Space => space;

        public long BegunAt { get; } = owner._time.GetTimestamp();

        public FlatIndex Index => _index;

        public bool HasTooMany => _hasTooMany;

        /// <summary>Ends when the vectors can be searched; callers that come meanwhile wait for the same look.</summary>
        public Task Ready()
        {
            lock (_looking)
            {
                if (_look is not { IsCompleted: false } && IsToBeLooked())
                    _look = Task.Run(LookAsync);
                return _look ?? Task.CompletedTask;
            }
        }

        /// <summary>Lets the vectors go where they have become too many.</summary>
        public void Bound()
        {
            if (_index.Count <= owner.MostUsers(space.Dimension))
                return;
            _hasTooMany = true;
            _index = new FlatIndex(space.Dimension);
        }

        private bool IsToBeLooked() =>
            !HasTooMany && (_through is not { } through || (owner._isShared && owner._time.GetUtcNow().UtcDateTime - through >= owner._options.Value.LookEvery));

        private async Task LookAsync()
        {
            var began = owner._time.GetUtcNow().UtcDateTime;
            var most = owner.MostUsers(space.Dimension);
            var (model, digest) = (space.Model.Id, space.Model.Digest);
            await using var db = await owner._contexts.CreateDbContextAsync();
            var changed = db.Profiles.AsNoTracking().Where(p => p.Model == model && p.Digest == digest);
            if (_through is { } through)
            {
                var since = through - Overlap;
                changed = changed.Where(p => p.ComputedAt > since);
            }

            await foreach (var p in changed.Take(most + 1).Select(p => new { p.UserId, p.Revision, p.Vector }).AsAsyncEnumerable())
                Index.Set(p.UserId, p.Revision, p.Vector);
            Bound();
            _through = began;
        }
    }
}
