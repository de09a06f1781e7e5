using System.Globalization;
using System.Text;
using ProfileService.Client;

namespace ProfileService.Cli.Load;

/// <summary>The users that a load is about: sees to it that each has a window and a profile of it.</summary>
internal sealed class LoadUsers(ProfileServiceClient client, int eventsOfAWindow, TimeProvider time)
{
    private const int UsersOfALook = 1_000;
    private const int UsersOfARequest = 20;
    private const int Senders = 4;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestStandstill = TimeSpan.FromSeconds(60);

    public static IReadOnlyList<string> Named(int count, string prefix = "load") => [.. Enumerable.Range(1, count).Select(i => $"{prefix}-{i:D6}")];

    /// <summary>Sends events for users without a profile and waits until all of them can be looked up.</summary>
    /// <param name="progress">Told what is done and what share of it.</param>
    /// <exception cref="CommandException">The service rejects the events, or computes no profiles.</exception>
    public async Task PrepareAsync(IReadOnlyList<string> users, Action<string, double> progress, CancellationToken cancellationToken)
    {
        var missing = await MissingAsync(users, cancellationToken);
        await SendAsync(missing, progress, cancellationToken);

        var (left, moved) = (missing.Count, time.GetTimestamp());
        while (missing.Count > 0)
        {
            progress($"{users.Count - missing.Count:N0} of {users.Count:N0} profiles are readable", 1 - ((double)missing.Count / users.Count));
            await Task.Delay(BetweenLooks, time, cancellationToken);
            missing = await MissingAsync(missing, cancellationToken);
            if (missing.Count < left)
                (left, moved) = (missing.Count, time.GetTimestamp());
            else if (time.GetElapsedTime(moved) > LongestStandstill)
                throw new CommandException($"{left:N0} profiles were not computed within {LongestStandstill.TotalSeconds:N0} s. See the service's log and /health/ready.");
        }
    }

    private async Task SendAsync(IReadOnlyList<string> users, Action<string, double> progress, CancellationToken cancellationToken)
    {
        var sent = 0;
        await Parallel.ForEachAsync(users.Chunk(UsersOfARequest), new ParallelOptions { MaxDegreeOfParallelism = Senders, CancellationToken = cancellationToken }, async (some, token) =>
        {
            var verdicts = await client.SendEventLinesAsync(Encoding.UTF8.GetBytes(string.Join('\n', some.SelectMany(WindowOf))), token);
            if (verdicts.Rejected > 0)
                throw new CommandException($"The service rejects the events: {verdicts.Problems[0].Detail}");
            var now = Interlocked.Add(ref sent, some.Length);
            progress($"{now:N0} of {users.Count:N0} users sent", (double)now / users.Count);
        });
    }

    // Seconds apart and an hour old, so that the events of a load are newer. The same user has the same items each time.
    private IEnumerable<string> WindowOf(string user)
    {
        var random = new Random(user.Aggregate(0, (sum, c) => (31 * sum) + c));
        var start = time.GetUtcNow().AddHours(-1).AddMinutes(-eventsOfAWindow);
        for (var i = 0; i < eventsOfAWindow; i++)
            yield return LoadEvents.Json(user, start.AddSeconds((60 * i) + random.Next(60)).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture), random);
    }

    private async Task<List<string>> MissingAsync(IReadOnlyList<string> users, CancellationToken cancellationToken)
    {
        var missing = new List<string>();
        foreach (var some in users.Chunk(UsersOfALook))
        {
            var found = await client.LookupAsync(some, cancellationToken);
            missing.AddRange([.. found.Missing, .. found.Profiles.Where(p => p.Freshness.Stale).Select(p => p.UserId)]);
        }

        return missing;
    }
}
