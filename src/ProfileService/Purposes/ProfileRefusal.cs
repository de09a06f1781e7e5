using Microsoft.Extensions.Options;
using ProfileService.Intake;

namespace ProfileService.Purposes;

/// <summary>Rejects what is sent of users whose purposes do not allow a profile, if the settings say so.</summary>
internal sealed class ProfileRefusal(UserPurposes purposes, IOptions<PurposeOptions> options)
{
    public const string Code = "purpose_not_allowed";

    public const string Detail =
        "The user's purposes do not allow 'profile', so nothing about the user is stored. PUT /v1/users/{userId}/purposes changes them; "
        + "with Privacy:WithoutProfile=Keep, what is sent is stored, but no profile is computed.";

    private readonly bool _keeps = options.Value.WithoutProfile == WithoutProfile.Keep;

    /// <summary>Whether nobody is rejected.</summary>
    public bool CoversNobody => _keeps || purposes.AllowAll(Purpose.Profile);

    public bool Covers(string userId) => !_keeps && !purposes.Allow(userId, Purpose.Profile);

    /// <summary>The entries that are not rejected.</summary>
    /// <param name="userField">The field in which an entry names its user, for problems; null if entries need not have one.</param>
    public ParsedBatch<T> Allow<T>(ParsedBatch<T> batch, Func<T, string> userOf, string? userField, IngestSummary summary)
        where T : class
    {
        if (CoversNobody)
            return batch;
        var (allowed, known) = (new ParsedBatch<T>(), new Dictionary<string, bool>(StringComparer.Ordinal));
        for (var i = 0; i < batch.Count; i++)
        {
            var user = userOf(batch.Parsed[i]);
            if (!known.TryGetValue(user, out var isRefused))
                known[user] = isRefused = Covers(user);
            if (isRefused)
                summary.Reject(new EntryProblem(batch.IndexOf(i), Code, userField, Detail));
            else
                allowed.Add(batch.IndexOf(i), batch.Parsed[i]);
        }

        return allowed;
    }
}
