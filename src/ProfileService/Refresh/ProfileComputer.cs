using ProfileService.Dimensions;
using ProfileService.Items;
using ProfileService.Model;
using ProfileService.Platform;
using ProfileService.Storage;
using ProfileService.Windows;
using ProfileService.Windows.Codec;

namespace ProfileService.Refresh;

/// <summary>Computes vectors and dimensions from windows and attributes with the model. Reads and writes no store.</summary>
internal sealed partial class ProfileComputer(
    ModelSlot models, ItemCatalogue items, DimensionReader dimensions, ProfileMetrics metrics, TimeProvider time,
    ILogger<ProfileComputer> logger)
{
    /// <summary>The profiles of claimed users. A user whose window is unreadable, or whose run fails, is left out and logged.</summary>
    public IReadOnlyList<ComputedProfile> Compute(IReadOnlyList<Claim> claims, IReadOnlyDictionary<string, AttributesRow> attributes)
    {
        var model = models.Current;
        var windows = claims.Select(claim => Read(claim, attributes.GetValueOrDefault(claim.UserId))).OfType<ClaimedWindow>();
        var groups = LengthGroups.Of(windows, window => model.Encoder.LengthOf(window.Events), model.UsersPerRun);
        return [.. groups.SelectMany(group => Compute(model, group))];
    }

    /// <summary>The profile of a window that is stored nowhere, by the same run. A failure is thrown.</summary>
    public Profile ComputeAlone(ActiveModel model, Window window, AttributesRow? attributes)
    {
        var claim = new Claim(window.UserId, default, 0, WindowCodec.Encode(window), default);
        return Run(model, [new ClaimedWindow(claim, window.Events.Count, attributes)])[0].Profile;
    }

    private ClaimedWindow? Read(Claim claim, AttributesRow? attributes)
    {
        if (claim.Bytes is []) // the store has refused and logged it
            return null;
        try
        {
            return new ClaimedWindow(claim, WindowCodec.CountEvents(claim.Bytes), attributes);
        }
        catch (InvalidDataException e)
        {
            LogUnreadable(e, claim.UserId);
            return null;
        }
    }

    /// <summary>One run for the group; if it fails, one for each user, so that a user's failure does not affect the others.</summary>
    private IReadOnlyList<ComputedProfile> Compute(ActiveModel model, IReadOnlyList<ClaimedWindow> group)
    {
        try
        {
            return Run(model, group);
        }
        catch (Exception e) when (group.Count > 1)
        {
            LogSplit(e, group.Count);
            return [.. group.SelectMany(one => Compute(model, [one]))];
        }
        catch (Exception e)
        {
            LogFailed(e, group[0].Claim.UserId);
            return [];
        }
    }

    private ComputedProfile[] Run(ActiveModel model, IReadOnlyList<ClaimedWindow> group)
    {
        var longest = model.Encoder.LengthOf(group.Max(window => window.Events));
        using var batch = model.Encoder.NewBatch(group.Count, Math.Max(longest, 1));
        var newest = new long[group.Count];
        for (var row = 0; row < group.Count; row++)
        {
            var window = group[row];
            newest[row] = model.Encoder.Encode(window.Claim.Bytes, window.Events, window.AttributeTexts, batch, row, items.Facts);
        }

        var started = time.GetTimestamp();
        using var outputs = model.Run(batch);
        metrics.RecordInference(time.GetElapsedTime(started));
        for (var row = 0; row < group.Count; row++)
            outputs.ThrowUnlessFinite(row, group[row].Events);

        var now = time.GetUtcNow().UtcDateTime;
        using var events = dimensions.Read([.. group.Select(window => (window.Claim.Bytes, window.Events))], outputs);
        var computed = new ComputedProfile[group.Count];
        for (var row = 0; row < group.Count; row++)
        {
            var (claim, count, attributes) = group[row];
            computed[row] = new(claim, new Profile
            {
                UserId = claim.UserId,
                Model = model.Stamp.Id,
                Digest = model.Stamp.Digest,
                Revision = claim.Revision,
                EventCount = count,
                EventsThrough = EventTime.ToUtc(newest[row]),
                ComputedAt = now,
                Vector = VectorBytes.From(outputs.Vector(row)),
                Evidence = Evidence.Of(count, model.Encoder.CountRead(batch, row)),
                Dimensions = ProfileDimensions.Of(events.Of(row), attributes?.ToValues(), now).ToJson(),
            });
        }

        return computed;
    }

    [LoggerMessage(Level = LogLevel.Error,
        Message = "The stored window of user {UserId} cannot be read; the user keeps the profile it has")]
    private partial void LogUnreadable(Exception exception, string userId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A run of {Users} users failed; each is tried alone")]
    private partial void LogSplit(Exception exception, int users);

    [LoggerMessage(Level = LogLevel.Error, Message = "The refresh of user {UserId} failed; retrying when its lease has ended")]
    private partial void LogFailed(Exception exception, string userId);

    /// <param name="Events">Number of events in the window.</param>
    /// <param name="Attributes">The user's attributes; null if there are none.</param>
    private sealed record ClaimedWindow(Claim Claim, int Events, AttributesRow? Attributes)
    {
        private static readonly Dictionary<string, string> Nothing = [];

        public IReadOnlyDictionary<string, string> AttributeTexts => Attributes?.ToTexts() ?? Nothing;
    }
}

/// <summary>A profile, and the claim that it was computed for.</summary>
internal sealed record ComputedProfile(Claim Claim, Profile Profile);
