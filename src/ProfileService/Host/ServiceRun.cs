using ProfileService.Events;
using ProfileService.Model;
using ProfileService.Platform;
using ProfileService.Sentiment;
using ProfileService.Similar;
using ProfileService.Storage;

namespace ProfileService.Host;

/// <summary>The service's run: start, until it is asked to stop; or only the migration of its tables.</summary>
internal static class ServiceRun
{
    /// <summary>Argument of the service: migrate, then exit.</summary>
    public const string MigrateOnly = "--migrate-only";

    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(5);

    /// <summary>Runs until the process is asked to stop, or only brings the tables up to date.</summary>
    public static async Task RunAsync(this WebApplication app, bool migrateOnly)
    {
        if (migrateOnly)
        {
            await MigrateAsync(app.Services);
            return;
        }

        app.Services.GetRequiredService<ModelSlot>(); // before anything starts, the packages are proved
        app.Services.GetRequiredService<SentimentScorer>();
        if (await StartAsync(app))
            await StopWhenAskedAsync(app);
    }

    private static async Task MigrateAsync(IServiceProvider services)
    {
        await services.GetRequiredService<SchemaStart>().StartAsync(CancellationToken.None);
        if (services.GetService<PgvectorStart>() is { } pgvector)
            await pgvector.StartAsync(CancellationToken.None);
        if (services.GetService<EventArchive>() is { } archive)
            await archive.OpenAsync(CancellationToken.None);
    }

    private static async Task StopWhenAskedAsync(WebApplication app)
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = app.Lifetime.ApplicationStopping.Register(asked.SetResult);
        await asked.Task;
        var hurried = app.Services.GetRequiredService<Drain>().Hurried;
        try
        {
            await app.StopAsync(hurried);
        }
        catch (OperationCanceledException) when (hurried.IsCancellationRequested)
        {
        }
    }

    /// <summary>False where it was asked to stop before.</summary>
    private static async Task<bool> StartAsync(WebApplication app)
    {
        try
        {
            await app.StartAsync();
            return true;
        }
        catch (Exception e)
        {
            var wasAsked = app.Lifetime.ApplicationStopping.IsCancellationRequested;

            // What started already ends before what it works with is disposed of.
            using var patience = new CancellationTokenSource(LongestStop);
            await app.StopAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (wasAsked && !ListenException.IsCauseOf(e))
            {
                await Console.Error.WriteLineAsync("Stopped before the start was over.");
                return false;
            }

            if (ListenException.IsCauseOf(e))
                throw new ListenException(app.Configuration, e);
            throw;
        }
    }
}
