using ProfileService.Model;
using ProfileService.Platform;
using ProfileService.Sentiment;
using ProfileService.Similar;
using ProfileService.Storage;

namespace ProfileService.Host;

/// <summary>Runs the service from start to stop, or only migrates its tables.</summary>
internal static class ServiceRun
{
    /// <summary>Argument that makes the process migrate its tables and exit.</summary>
    public const string MigrateOnly = "--migrate-only";

    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(5);

    /// <summary>Runs until the process is asked to stop, or only migrates the tables.</summary>
    public static async Task RunAsync(this WebApplication app, bool migrateOnly)
    {
        if (migrateOnly)
        {
            await MigrateAsync(app.Services);
            return;
        }

        app.Services.GetRequiredService<ModelSlot>(); // verifies the packages before anything starts
        app.Services.GetRequiredService<SentimentScorer>();
        if (await StartAsync(app))
            await StopWhenAskedAsync(app);
    }

    private static async Task MigrateAsync(IServiceProvider services)
    {
        await services.GetRequiredService<SchemaStart>().StartAsync(CancellationToken.None);
        if (services.GetService<PgvectorTable>() is { } pgvector)
            await pgvector.CreateExtensionAsync(CancellationToken.None);
    }

    private static async Task StopWhenAskedAsync(WebApplication app)
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = app.Lifetime.ApplicationStopping.Register(asked.SetResult);
        await asked.Task;
        var aborted = app.Services.GetRequiredService<Drain>().Aborted;
        try
        {
            await app.StopAsync(aborted);
        }
        catch (OperationCanceledException) when (aborted.IsCancellationRequested)
        {
        }
    }

    /// <summary>Returns false if the process was asked to stop during the start.</summary>
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

            // Services that have started must stop before their dependencies are disposed of.
            using var timeout = new CancellationTokenSource(LongestStop);
            await app.StopAsync(timeout.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (wasAsked && !ListenException.IsCauseOf(e))
            {
                await Console.Error.WriteLineAsync("Stopped during the start.");
                return false;
            }

            if (ListenException.IsCauseOf(e))
                throw new ListenException(app.Configuration, e);
            throw;
        }
    }
}
