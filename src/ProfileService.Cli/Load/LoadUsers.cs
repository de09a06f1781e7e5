using System.Globalization;
using System.Text;
using ProfileService.Cli.CommandLine;
using ProfileService.Client;

namespace ProfileService.Cli.Load;

/// <summary>Prepares the users of a measurement: each gets a window and a profile.</summary>
internal sealed class LoadUsers(ProfileServiceClient client, int eventsPerWindow, TimeProvider time)
{
    private const int UsersPerLookup = 1_000;
    private const int UsersPerRequest = 20;
    private const int Senders = 4;
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan StallTimeout = TimeSpan.FromSeconds(60);

    public static IReadOnlyList<string> Named(int count, string prefix = "load") =>
        [.. Enumerable.Range(1, count).Select(i => $"{prefix}-{i:D6}")];

    /// <summary>Sends events for users without a profile and waits until all of them can be looked up.</summary>
    /// <param name="progress">Receives a description of the step and its completed share.</param>
    /// <exception cref="CommandException">The service rejects the events, or computes no profiles.</exception>
    public async Task PrepareAsync(IReadOnlyList<string> users, Action<string, double> progress, CancellationToken cancellationToken)
    {
        var missing = await MissingAsync(users, cancellationToken);
        await SendAsync(missing, progress, cancellationToken);

        var (left, moved) = (missing.Count, time.GetTimestamp());
        while (missing.Count > 0)
        {
            var readable = users.Count - missing.Count;
            progress($"{readable:N0} of {users.Count:N0} profiles are readable", (double)readable / users.Count);
            await Task.Delay(PollInterval, time, cancellationToken);
            missing = await MissingAsync(missing, cancellationToken);
            if (missing.Count < left)
                (left, moved) = (missing.Count, time.GetTimestamp());
            else if (time.GetElapsedTime(moved) > StallTimeout)
                throw Stalled(left);
        }
    }

    private static CommandException Stalled(int left) => new(
        $"{left:N0} profiles were not computed within {StallTimeout.TotalSeconds:N0} s. Check the service's log and /health/ready.");

    private async Task SendAsync(IReadOnlyList<string> users, Action<string, double> progress, CancellationToken cancellationToken)
    {
        var sent = 0;
        var options = new ParallelOptions { MaxDegreeOfParallelism = Senders, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(users.Chunk(UsersPerRequest), options, async (some, token) =>
        {
            var verdicts = await client.SendEventLinesAsync(Encoding.UTF8.GetBytes(string.Join('\n', some.SelectMany(WindowOf))), token);
            if (verdicts.Rejected > 0)
                throw new CommandException($"The service rejects the events: {verdicts.Problems[0].Detail}");
            var now = Interlocked.Add(ref sent, some.Length);
            progress($"{now:N0} of {users.Count:N0} users sent", (double)now / users.Count);
        });
    }

    // About one event a minute, all older than an hour, so that the events of the measurement are newer. A user always has the
    // same items.
    private IEnumerable<string> WindowOf(string user)
    {
        var random = new Random(user.Aggregate(0, (sum, c) => (31 * sum) + c));
        var start = time.GetUtcNow().AddHours(-1).AddMinutes(-eventsPerWindow);
        for (var i = 0; i < eventsPerWindow; i++)
        {
            var at = start.AddSeconds((60 * i) + random.Next(60));
            yield return LoadEvents.Json(user, at.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture), random);
        }
    }

    private async Task<List<string>> MissingAsync(IReadOnlyList<string> users, CancellationToken cancellationToken)
    {
        var missing = new List<string>();
        foreach (var some in users.Chunk(UsersPerLookup))
        {
            var found = await client.LookupAsync(some, cancellationToken);
            missing.AddRange(
                [.. found.Missing, .. found.Unavailable ?? [], .. found.Profiles.Where(p => p.Freshness.Stale).Select(p => p.UserId)]);
        }

        return missing;
    }
}
