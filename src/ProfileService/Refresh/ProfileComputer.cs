using System.Diagnostics;
using Microsoft.Extensions.Options;
using ProfileService.Attributes;
using ProfileService.Dimensions;
using ProfileService.Items;
using ProfileService.Model;
using ProfileService.Platform;
using ProfileService.Profiles;
using ProfileService.Storage;
using ProfileService.Windows;
using ProfileService.Windows.Codec;

namespace ProfileService.Refresh;

/// <summary>What a refresh is: claimed windows through the model into profiles. When it happens is <see cref="RefreshWorker"/>'s.</summary>
internal sealed partial class ProfileRefresher(
    IDueQueue queue,
    ProfileStore profiles,
    AttributeStore attributes,
    DimensionReader dimensions,
    ModelSlot models,
    ModelRegistry registry,
    ItemCatalogue items,
    ProfileMetrics metrics,
    IOptions<RefreshOptions> options,
    TimeProvider time,
    ILogger<ProfileRefresher> logger)
{
    /// <summary>Leases up to <see cref="RefreshOptions.MaxBatch"/> due users to this process, which must refresh them.</summary>
    public async Task<IReadOnlyList<Claim>> ClaimDueAsync(CancellationToken cancellationToken) =>
        !registry.IsOwn ? [] : await queue.ClaimDueAsync(options.Value.MaxBatch, options.Value.Lease, cancellationToken);

    /// <summary>Claims and refreshes a batch; returns how many users were claimed.</summary>
    public async Task<int> RefreshDueAsync(CancellationToken cancellationToken)
    {
        var claims = await ClaimDueAsync(cancellationToken);
        if (claims.Count > 0)
            await RefreshAsync(claims);
        return claims.Count;
    }

    /// <summary>Refreshes one user where it is due and nobody else has it; tells whether it did.</summary>
    public async Task<bool> RefreshAsync(string userId, CancellationToken cancellationToken)
    {
        if (!registry.IsOwn || await queue.ClaimAsync(userId, options.Value.Lease, cancellationToken) is not { } claim)
            return false;
        await RefreshAsync([claim]);
        return true;
    }

    /// <summary>Makes a user due that should have a profile by now: maybe it was never made due, or nobody can refresh it.</summary>
    public Task MarkDueAsync(string userId, CancellationToken cancellationToken) => queue.MarkDueAsync([userId], cancellationToken);

    /// <summary>Takes claimed users through the model into their profiles. Takes no cancellation: what is claimed is finished, also when the service stops.</summary>
    public async Task RefreshAsync(IReadOnlyList<Claim> claims)
    {
        using var activity = ProfileMetrics.Activities.StartActivity("refresh")?.SetTag("users", claims.Count);
        var started = time.GetTimestamp();
        try
        {
            var model = models.Current;
            var people = await attributes.FindAsync([.. claims.Select(c => c.UserId)], CancellationToken.None);
            var computed = Compute(model, claims, people);
            var stored = await profiles.StoreAsync([.. computed.Select(c => c.Profile)], CancellationToken.None);
            registry.See(ServedModel.StampOf(stored.ServedModel)); // read after the users were claimed: a model is named before its users are made due
            if (!registry.IsOwn)
            {
                await queue.ReleaseAsync(claims, CancellationToken.None); // one settled by this model would not be refreshed by the active one
                return;
            }

            if (stored.Newer.Count > 0) // this worker stalled and came late, or else the window went back
                await queue.RaiseRevisionsAsync([.. stored.Newer.Select(p => (p.UserId, p.Revision))], CancellationToken.None);
            await queue.SettleAsync([.. computed.Select(c => c.Claim)], CancellationToken.None);

            var now = time.GetUtcNow();
            foreach (var (claim, _) in computed)
                metrics.RecordFreshness(now - claim.DueSince);
            metrics.CountRefreshes(ProfileMetrics.Refreshed, computed.Count);
            metrics.CountRefreshes("failed", claims.Count - computed.Count); // their leases run out, then they are tried again
            metrics.RecordBatch(time.GetElapsedTime(started), claims.Count);
        }
        catch
        {
            metrics.CountRefreshes("failed", claims.Count);
            activity?.SetStatus(ActivityStatusCode.Error);
            await TryReleaseAsync(claims);
            throw;
        }
    }

    /// <summary>Makes the users due again at once; where even that fails, the store tries it again.</summary>
    private async Task TryReleaseAsync(IReadOnlyList<Claim> claims)
    {
        try
        {
            await queue.ReleaseAsync(claims, CancellationToken.None);
        }
        catch (Exception e)
        {
            LogNotReleased(e, claims.Count);
        }
    }

    private List<(Claim Claim, Profile Profile)> Compute(ActiveModel model, IReadOnlyList<Claim> claims, IReadOnlyDictionary<string, UserAttributes> people)
    {
        var computed = new List<(Claim, Profile)>(claims.Count);
        foreach (var group in LengthGroups.Of(claims.Select(c => Read(c, people)).OfType<ClaimedWindow>(), c => model.Encoder.LengthOf(c.Events), model.UsersPerRun))
            Compute(model, group, computed);
        return computed;
    }

    private ClaimedWindow? Read(Claim claim, IReadOnlyDictionary<string, UserAttributes> people)
    {
        if (claim.Bytes is []) // refused by its store, which named it
            return null;
        try
        {
            return new ClaimedWindow(claim, WindowCodec.CountEvents(claim.Bytes), people.GetValueOrDefault(claim.UserId));
        }
        catch (InvalidDataException e)
        {
            LogUnreadable(e, claim.UserId);
            return null;
        }
    }

    /// <summary>One run for the group; where that fails, one for each user, so that one user's failure stays its own.</summary>
    private void Compute(ActiveModel model, IReadOnlyList<ClaimedWindow> group, List<(Claim, Profile)> computed)
    {
        try
        {
            computed.AddRange(Run(model, group));
        }
        catch (Exception e) when (group.Count > 1)
        {
            LogSplit(e, group.Count);
            foreach (var one in group)
                Compute(model, [one], computed);
        }
        catch (Exception e)
        {
            LogFailed(e, group[0].Claim.UserId);
        }
    }

    private (Claim, Profile)[] Run(ActiveModel model, IReadOnlyList<ClaimedWindow> group)
    {
        var longest = model.Encoder.LengthOf(group.Max(c => c.Events));
        using var batch = model.Encoder.NewBatch(group.Count, Math.Max(longest, 1));
        var newest = new long[group.Count];
        for (var row = 0; row < group.Count; row++)
            newest[row] = model.Encoder.Encode(group[row].Claim.Bytes, group[row].Events, group[row].AttributeTexts, batch, row, items.Facts);

        var started = time.GetTimestamp();
        using var outputs = model.Run(batch);
        metrics.RecordInference(time.GetElapsedTime(started));

        var now = time.GetUtcNow().UtcDateTime;
        var events = dimensions.Read([.. group.Select(c => (c.Claim.Bytes, c.Events))], outputs);
        var computed = new (Claim, Profile)[group.Count];
        for (var row = 0; row < group.Count; row++)
        {
            var (claim, count, people) = group[row];
            computed[row] = (claim, new Profile
            {
                UserId = claim.UserId,
                Model = model.Stamp.Id,
                Digest = model.Stamp.Digest,
                Revision = claim.Revision,
                EventCount = count,
                EventsThrough = EventTime.ToUtc(newest[row]),
                ComputedAt = now,
                Vector = VectorBytes.From(outputs.Vector(row)),
                Confidence = Confidence.Of(count, model.Encoder.CountRead(batch, row)),
                Dimensions = ProfileDimensions.Of(events[row], people?.ToValues(), now).ToJson(),
            });
        }

        return computed;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The stored window of user {UserId} cannot be read; the user keeps the profile it has")]
    private partial void LogUnreadable(Exception exception, string userId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Users} claims could not be given back; tried again until their leases have ended")]
    private partial void LogNotReleased(Exception exception, int users);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A run of {Users} users failed; each is tried alone")]
    private partial void LogSplit(Exception exception, int users);

    [LoggerMessage(Level = LogLevel.Error, Message = "The refresh of user {UserId} failed; it is tried again when its lease runs out")]
    private partial void LogFailed(Exception exception, string userId);

    /// <param name="Events">How many the window holds.</param>
    /// <param name="Attributes">Of its user; null where nothing is known.</param>
    private sealed record ClaimedWindow(Claim Claim, int Events, UserAttributes? Attributes)
    {
        private static readonly Dictionary<string, string> Nothing = [];

        public IReadOnlyDictionary<string, string> AttributeTexts => Attributes?.ToTexts() ?? Nothing;
    }
}
