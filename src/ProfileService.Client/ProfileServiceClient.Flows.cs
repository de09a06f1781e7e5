using System.Runtime.CompilerServices;

namespace ProfileService.Client;

public sealed partial class ProfileServiceClient
{
    private const string Base64 = "base64";
    private const int ProfilesPerPage = 10_000;

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    /// <summary>Gets the profiles that changed after a cursor.</summary>
    /// <param name="after">The cursor of the changes before, or of an export; null to begin with the first.</param>
    /// <param name="wait">How long to wait if nothing has changed yet, up to 30 s; a part of a second counts as a whole one.</param>
    /// <param name="limit">How many profiles at most, 1 to 1,000; deletions come beside them.</param>
    /// <param name="vectors">Whether to get the vectors, too.</param>
    /// <exception cref="ProfileServiceException">
    /// 410 with code <c>cursor_unknown</c>: the database was restored from a backup, or is another one. Export the profiles again.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="wait"/> is below 0 or above 30 s.</exception>
    public Task<ProfileChanges> GetChangesAsync(
        string? after = null,
        TimeSpan wait = default,
        int limit = 1_000,
        bool vectors = true,
        CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(wait, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(wait, LongestWait);
        var changes = _calls.Get(Address.Query(
            "v1/profiles/changes",
            ("after", after),
            ("wait", (int)Math.Ceiling(wait.TotalSeconds)),
            ("limit", limit),
            ("vectors", vectors ? Base64 : null)));
        return ServiceCalls.RepeatAsync(changes, asked => ReadChangesAsync(asked, cancellationToken), cancellationToken);
    }

    /// <summary>
    /// Follows the changes without end: each page that has some, as soon as it is there. Apply a page, keep its cursor, take the next
    /// one; begin again with the cursor that was kept. A page may come twice, and nothing is missed. A page that breaks off is asked for
    /// again, as <see cref="RetryOptions"/> say.
    /// </summary>
    /// <param name="after">As for <see cref="GetChangesAsync"/>.</param>
    /// <param name="vectors">Whether to get the vectors, too.</param>
    public async IAsyncEnumerable<ProfileChanges> FollowChangesAsync(
        string? after = null, bool vectors = true, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var page = await GetChangesAsync(after, LongestWait, vectors: vectors, cancellationToken: cancellationToken)
                .ConfigureAwait(false);
            after = page.Cursor;
            if (page.Changes.Count > 0)
                yield return page;
        }
    }

    /// <summary>
    /// Exports the vectors of all users, page by page. What changes meanwhile is told after the cursor of the first page.
    /// </summary>
    /// <param name="after">The user id after which to begin, to go on with an export; null for the first one.</param>
    /// <param name="pageSize">How many profiles a page has, from 1.</param>
    /// <exception cref="HttpRequestException">
    /// A page broke off at each attempt; go on with the last page's <see cref="ExportedProfiles.Next"/>.
    /// </exception>
    public async IAsyncEnumerable<ExportedProfiles> ExportProfilesAsync(
        string? after = null, int pageSize = ProfilesPerPage, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        do
        {
            var page = await GetExportedAsync(after, pageSize, cancellationToken).ConfigureAwait(false);
            after = page.Next;
            yield return page;
        }
        while (after is not null);
    }

    private async Task<ProfileChanges> ReadChangesAsync(HttpRequestMessage asked, CancellationToken cancellationToken)
    {
        var changes = new List<ProfileChange>();
        await foreach (var line in _calls.ReadLinesAsync(asked, ClientJson.Default.FlowLine, cancellationToken).ConfigureAwait(false))
        {
            if (line.Cursor is { } cursor)
                return new ProfileChanges(changes, cursor);
            changes.Add(line.ToChange());
        }

        throw ServiceCalls.BrokenOff("The changes broke off before their end.");
    }

    private Task<ExportedProfiles> GetExportedAsync(string? after, int pageSize, CancellationToken cancellationToken)
    {
        var page = _calls.Get(Address.Query("v1/profiles/export", ("after", after), ("limit", pageSize), ("vectors", Base64)));
        return ServiceCalls.RepeatAsync(page, asked => ReadExportedAsync(asked, cancellationToken), cancellationToken);
    }

    private async Task<ExportedProfiles> ReadExportedAsync(HttpRequestMessage asked, CancellationToken cancellationToken)
    {
        var (profiles, head) = (new List<ExportedVector>(), (FlowLine?)null);
        await foreach (var line in _calls.ReadLinesAsync(asked, ClientJson.Default.FlowLine, cancellationToken).ConfigureAwait(false))
        {
            if (head is null)
                head = line;
            else if (line.Profiles is null)
                profiles.Add(line.ToProfile());
            else
                return new ExportedProfiles(profiles, head.Cursor!, head.Model!, line.Next)
                {
                    Dimension = head.Dimension,
                    Digest = head.Digest,
                };
        }

        throw ServiceCalls.BrokenOff("The export broke off before its end.");
    }
}
