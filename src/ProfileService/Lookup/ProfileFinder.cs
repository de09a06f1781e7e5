using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Options;
using ProfileService.Model;
using ProfileService.Platform;
using ProfileService.Profiles;
using ProfileService.Storage;
using ProfileService.Windows;

namespace ProfileService.Lookup;

/// <summary>
/// Finds profiles by the active model and the revisions of their windows: of one that is in memory the revision is all that is asked for. Where a store is away,
/// what is known of a user is found, and called unsure where it may be behind.
/// </summary>
internal sealed class ProfileFinder(ProfileStore profiles, IWindowStore windows, ProfileMemory memory, ModelRegistry models, IOptions<WindowOptions> windowOptions, TimeProvider time)
{
    private readonly int _maxEvents = windowOptions.Value.MaxEvents;

    /// <summary>The user's profile where it was found up to date less than <see cref="LookupOptions.CacheFor"/> ago; waits for no store.</summary>
    public ReadProfile? Recall(string userId)
    {
        var start = memory.Start(userId);
        if (Remembered(userId, start) is not { } known || !memory.IsConfirmed(known, start))
            return null;
        if (IsToBeAskedAhead(known, start))
            _ = AskAheadAsync([known], start.At);
        return Read(known, known.Profile.Revision);
    }

    public async Task<ReadProfile> FindAsync(string userId, CancellationToken cancellationToken)
    {
        var start = memory.Start(userId);
        if (Remembered(userId, start) is { } known)
        {
            var revised = await WindowRevisions.ReadAsync(windows, [userId], cancellationToken);
            if (revised.AreAway || Confirm(known, revised.Of(0), start.At))
                return Read(known, revised.Of(0), revised.AreAway);
            start = memory.Start(userId);
        }
        else if (!EntityId.IsValid(userId)) // no event can have such an id
        {
            return Read(null, null);
        }

        // The profile first: asked in this order, it is not ahead of the window but where a cache had to be filled.
        var finding = profiles.FindAsync([userId], models.Active, cancellationToken);
        var revising = WindowRevisions.ReadAsync(windows, [userId], cancellationToken);
        var (found, revisions) = (await finding, await revising);
        var read = Remember(userId, found.Profiles is [var one] ? one : null, found.Failure is not null, revisions, 0, start);
        return read is { Known: null, IsUnsure: true } ? throw Rethrown(found.Failure ?? revisions.Failure!) : read;
    }

    /// <summary>In the order asked.</summary>
    public async Task<IReadOnlyList<ReadProfile>> FindAsync(IReadOnlyList<string> userIds, CancellationToken cancellationToken)
    {
        var asked = new Asked[userIds.Count];
        var (revise, look, ahead) = (new List<int>(), new List<int>(), new List<KnownProfile>());
        var began = time.GetTimestamp();
        for (var i = 0; i < asked.Length; i++)
        {
            var start = memory.Start(userIds[i], began);
            var known = Remembered(userIds[i], start);
            asked[i] = new Asked(userIds[i], start, Read(known, known?.Profile.Revision));
            if (known is null && EntityId.IsValid(userIds[i]))
                look.Add(i);
            else if (known is not null && !memory.IsConfirmed(known, start))
                revise.Add(i);
            else if (known is not null && IsToBeAskedAhead(known, start))
                ahead.Add(known);
        }

        if (ahead.Count > 0)
            _ = AskAheadAsync(ahead, began);
        var revising = ReviseAsync(asked, revise, cancellationToken); // at the same time, one round trip to Redis
        var failure = await LookAsync(asked, look, cancellationToken);
        failure = await LookAsync(asked, await revising, cancellationToken) ?? failure;
        return failure is not null && asked.All(a => a.Read.Known is null) ? throw Rethrown(failure) : Array.ConvertAll(asked, a => a.Read);
    }

    /// <summary>Asks for the revisions of remembered users; returns those whose profile is behind.</summary>
    private async Task<IReadOnlyList<int>> ReviseAsync(Asked[] asked, List<int> places, CancellationToken cancellationToken)
    {
        if (places.Count == 0)
            return [];
        var revised = await WindowRevisions.ReadAsync(windows, places.ConvertAll(i => asked[i].UserId), cancellationToken);
        var behind = new List<int>();
        for (var i = 0; i < places.Count; i++)
        {
            ref var user = ref asked[places[i]];
            if (revised.AreAway)
                user = user with { Read = Read(user.Read.Known, null, isUnsure: true) };
            if (revised.AreAway || Confirm(user.Read.Known!, revised.Of(i), user.Start.At))
                continue;
            user = user with { Start = memory.Start(user.UserId) };
            behind.Add(places[i]);
        }

        return behind;
    }

    /// <summary>Reads users that are not remembered, or are behind; returns why some of them cannot be read, or null.</summary>
    private async Task<Exception?> LookAsync(Asked[] asked, IReadOnlyList<int> places, CancellationToken cancellationToken)
    {
        if (places.Count == 0)
            return null;
        var userIds = places.Select(i => asked[i].UserId).ToList();
        var finding = profiles.FindAsync(userIds, models.Active, cancellationToken);
        var revising = WindowRevisions.ReadAsync(windows, userIds, cancellationToken);
        var (found, revisions) = (await finding, await revising);
        var byUser = found.Profiles.DistinctBy(p => p.UserId).ToDictionary(p => p.UserId);
        for (var i = 0; i < places.Count; i++)
        {
            ref var user = ref asked[places[i]];
            user = user with { Read = Remember(user.UserId, byUser.GetValueOrDefault(user.UserId), found.Failure is not null, revisions, i, user.Start) };
        }

        return found.Failure ?? revisions.Failure;
    }

    private KnownProfile? Remembered(string userId, ReadStart start) => memory.Find(userId, start) is { } known && IsByModel(known.Profile) ? known : null;

    private ReadProfile Remember(string userId, Profile? profile, bool isRecordAway, in WindowRevisions revisions, int place, ReadStart start)
    {
        var revision = revisions.Of(place);
        if (profile is null || !IsByModel(profile))
            return LastKnown(userId, isRecordAway, revision, revisions.AreAway);
        var known = memory.Keep(new KnownProfile(profile, start), start);
        Confirm(known, revision, start.At);
        return Read(known, revision, revisions.AreAway);
    }

    /// <summary>Of a user of whom the stores tell no profile: what was answered of it last, where one of them is away.</summary>
    private ReadProfile LastKnown(string userId, bool isRecordAway, long? revision, bool areWindowsAway) =>
        !isRecordAway && !areWindowsAway ? Read(null, revision)
        : memory.FindLast(userId) is { } last && IsByModel(last.Profile) ? Read(last, revision, isUnsure: true)
        : Read(null, revision, isUnsure: true);

    private static Exception Rethrown(Exception failure)
    {
        ExceptionDispatchInfo.Throw(failure);
        return failure;
    }

    /// <summary>Notes that the profile is up to date, where it is. Without a window it may have been erased elsewhere.</summary>
    private static bool Confirm(KnownProfile known, long? revision, long at)
    {
        if (known.Profile.Revision >= revision)
            known.Confirm(at);
        else
            known.Doubt();
        return known.Profile.Revision >= revision;
    }

    private bool IsToBeAskedAhead(KnownProfile known, ReadStart start) => memory.IsAging(known, start) && known.BeginAsking();

    /// <summary>Asks for the windows of users that are looked up again and again, so that none of those lookups has to wait. Where it fails, one does.</summary>
    private async Task AskAheadAsync(IReadOnlyList<KnownProfile> known, long at)
    {
        try
        {
            var revised = await WindowRevisions.ReadAsync(windows, [.. known.Select(k => k.Profile.UserId)], CancellationToken.None);
            for (var i = 0; i < revised.Revisions.Count; i++)
                Confirm(known[i], revised.Of(i), at);
        }
        finally
        {
            foreach (var asked in known)
                asked.EndAsking();
        }
    }

    private ReadProfile Read(KnownProfile? known, long? revision, bool isUnsure = false) => new(known, revision, _maxEvents, isUnsure);

    private bool IsByModel(Profile profile) => models.Active.Is(profile.Model, profile.Digest);

    private readonly record struct Asked(string UserId, ReadStart Start, ReadProfile Read);
}
