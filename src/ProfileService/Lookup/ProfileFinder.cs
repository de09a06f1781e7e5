using Microsoft.Extensions.Options;
using ProfileService.Model;
using ProfileService.Profiles;
using ProfileService.Windows;

namespace ProfileService.Lookup;

/// <summary>Finds profiles by the active model and the revisions of their windows: of one that is in memory the revision is all that is asked for.</summary>
internal sealed class ProfileFinder(ProfileStore profiles, IWindowStore windows, ProfileMemory memory, ModelSlot models, IOptions<WindowOptions> windowOptions, TimeProvider time)
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
            var revision = await windows.FindRevisionAsync(userId, cancellationToken);
            if (Confirm(known, revision, start.At))
                return Read(known, revision);
            start = memory.Start(userId);
        }
        else if (!EntityId.IsValid(userId)) // no event can have such an id
        {
            return Read(null, null);
        }

        // The profile first: asked in this order, it is not ahead of the window but where a cache had to be filled.
        var finding = profiles.FindAsync(userId, models.Current.Manifest.Id, cancellationToken);
        var revising = windows.FindRevisionAsync(userId, cancellationToken);
        return Remember(await finding, await revising, start);
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
        await Task.WhenAll(revising, LookAsync(asked, look, cancellationToken));
        await LookAsync(asked, await revising, cancellationToken);
        return Array.ConvertAll(asked, a => a.Read);
    }

    /// <summary>Asks for the revisions of remembered users; returns those whose profile is behind.</summary>
    private async Task<IReadOnlyList<int>> ReviseAsync(Asked[] asked, List<int> places, CancellationToken cancellationToken)
    {
        if (places.Count == 0)
            return [];
        var revisions = await windows.FindRevisionsAsync(places.ConvertAll(i => asked[i].UserId), cancellationToken);
        var behind = new List<int>();
        for (var i = 0; i < revisions.Count; i++)
        {
            ref var user = ref asked[places[i]];
            if (Confirm(user.Read.Known!, revisions[i], user.Start.At))
                continue;
            user = user with { Start = memory.Start(user.UserId) };
            behind.Add(places[i]);
        }

        return behind;
    }

    private async Task LookAsync(Asked[] asked, IReadOnlyList<int> places, CancellationToken cancellationToken)
    {
        if (places.Count == 0)
            return;
        var userIds = places.Select(i => asked[i].UserId).ToList();
        var finding = profiles.FindAsync(userIds, models.Current.Manifest.Id, cancellationToken);
        var revising = windows.FindRevisionsAsync(userIds, cancellationToken);
        var found = (await finding).DistinctBy(p => p.UserId).ToDictionary(p => p.UserId);
        var revisions = await revising;
        for (var i = 0; i < revisions.Count; i++)
        {
            ref var user = ref asked[places[i]];
            user = user with { Read = Remember(found.GetValueOrDefault(user.UserId), revisions[i], user.Start) };
        }
    }

    private KnownProfile? Remembered(string userId, ReadStart start) => memory.Find(userId, start) is { } known && IsByModel(known.Profile) ? known : null;

    private ReadProfile Remember(Profile? profile, long? revision, ReadStart start)
    {
        if (profile is null || !IsByModel(profile))
            return Read(null, revision);
        var known = new KnownProfile(profile, start);
        Confirm(known, revision, start.At);
        memory.Keep(known, start);
        return Read(known, revision);
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
            var revisions = await windows.FindRevisionsAsync([.. known.Select(k => k.Profile.UserId)], CancellationToken.None);
            for (var i = 0; i < revisions.Count; i++)
                Confirm(known[i], revisions[i], at);
        }
        finally
        {
            foreach (var asked in known)
                asked.EndAsking();
        }
    }

    private ReadProfile Read(KnownProfile? known, long? revision) => new(known, revision, _maxEvents);

    // A package replaced by another of the same name may have another dimension; until the user is refreshed there is no profile then.
    private bool IsByModel(Profile profile)
    {
        var model = models.Current.Manifest;
        return profile.Model == model.Id && profile.Vector.Length == model.Dimension * sizeof(float);
    }

    private readonly record struct Asked(string UserId, ReadStart Start, ReadProfile Read);
}
