using Microsoft.EntityFrameworkCore;
using ProfileService.Purposes;
using ProfileService.Storage;

namespace ProfileService.Privacy;

/// <summary>
/// Where users must have agreed to a profile first, deletes at start the profiles of those who have not: they are of a time with another
/// default.
/// </summary>
internal sealed partial class RefusedProfileWorker(
    IDbContextFactory<ProfileDbContext> contexts,
    UserPurposes purposes,
    PurposeStore store,
    DatabaseEraser database,
    ProfileCopies copies,
    TimeProvider time,
    ILogger<RefusedProfileWorker> logger) : BackgroundService
{
    private const int PageSize = 1_000;
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var isDone = purposes.Default.HasFlag(Purpose.Profile); !isDone && !stoppingToken.IsCancellationRequested;)
        {
            try
            {
                if (await DeleteAsync(stoppingToken) is > 0 and var deleted)
                    LogDeleted(deleted);
                isDone = true;
            }
            catch (Exception e)
            {
                if (!stoppingToken.IsCancellationRequested)
                    LogFailed(e);
                await Task.Delay(Pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<int> DeleteAsync(CancellationToken cancellationToken)
    {
        var deleted = 0;
        for (var after = ""; await FindAsync(after, cancellationToken) is { Count: > 0 } page; after = page[^1])
        {
            if (await store.FindRefusedAsync(page, Purpose.Profile, cancellationToken) is not { Count: > 0 } found)
                continue;
            string[] refused = [.. found];
            await copies.RemoveAsync(refused, cancellationToken); // first: if it fails, the profiles are found again
            await database.DeleteProfilesAsync(refused, cancellationToken);
            await copies.RemoveAsync(refused, cancellationToken); // what was copied meanwhile
            deleted += refused.Length;
        }

        return deleted;
    }

    private async Task<List<string>> FindAsync(string after, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Profiles.AsNoTracking().Where(p => string.Compare(p.UserId, after) > 0)
            .Select(p => p.UserId).Distinct().OrderBy(user => user).Take(PageSize).ToListAsync(cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Information,
        Message = "Deleted the profiles of {Users} users who have not agreed to one (Privacy:DefaultPurposes lacks profile)")]
    private partial void LogDeleted(int users);

    [LoggerMessage(Level = LogLevel.Error,
        Message = "Could not delete the profiles of users who have not agreed to one; retrying in a minute. Nobody is given them")]
    private partial void LogFailed(Exception exception);
}
