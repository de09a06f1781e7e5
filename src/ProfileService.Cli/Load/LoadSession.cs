using System.Net;
using ProfileService.Cli.CommandLine;
using Spectre.Console;

namespace ProfileService.Cli.Load;

/// <summary>Sends the events that a service lacks, then measures one path after another, with a progress bar.</summary>
internal static class LoadSession
{
    private const double WarmUpShare = .2; // length of the warm-up, as a share of a run's duration
    private const double StepShare = .2; // length of a step of the saturation search, as a share of a run's duration

    public static Task<List<LoadFigures>> RunAsync(LoadSettings settings, CancellationToken cancellationToken) =>
        Terminal.Progress().StartAsync(async progress =>
            {
                await ServiceClient.CheckAsync(settings.Url, cancellationToken);
                var server = await LoadTarget.ResolveAsync(settings.Url, cancellationToken);
                var users = LoadUsers.Named(settings.Users);
                await PrepareAsync(settings, users, progress.AddTask("Users", maxValue: 1), cancellationToken);

                var figures = new List<LoadFigures>();
                foreach (var path in LoadPath.Of(settings.Url, users, settings.Paths).ToList())
                {
                    var bar = progress.AddTask($"{path.Name} of {path.Entities:N0}", maxValue: 2);
                    figures.Add(await MeasureAsync(path, settings, server, bar, cancellationToken));
                }

                return figures;
            });

    private static async Task PrepareAsync(
        LoadSettings settings, IReadOnlyList<string> users, ProgressTask bar, CancellationToken cancellationToken)
    {
        await new LoadUsers(ServiceClient.WithRetries(settings.Url), settings.Events, TimeProvider.System).PrepareAsync(
            users, (what, share) => (bar.Description, bar.Value) = (what, share), cancellationToken);
        (bar.Description, bar.Value) = ($"{users.Count:N0} users are ready", bar.MaxValue);
    }

    // Runs on a thread of the pool, because a run blocks its thread.
    private static Task<LoadFigures> MeasureAsync(
        LoadPath path, LoadSettings settings, IPEndPoint server, ProgressTask bar, CancellationToken cancellationToken) =>
        Task.Run(
            () =>
            {
                var run = new LoadRun(server, TimeProvider.System);
                var result = Measure(settings.Connections, settings.Duration);
                bar.Value = 1;
                var saturation = settings.FindsSaturation
                    ? Saturation.Find(connections => Measure(connections, settings.Duration * StepShare), path.MostConnections)
                    : null;
                bar.Value = bar.MaxValue;
                return new LoadFigures(path, result, saturation);

                LoadResult Measure(int connections, TimeSpan duration) => run.Run(
                    connection => path.Source(connection, connections),
                    connections,
                    duration * WarmUpShare,
                    duration,
                    settings.Rate,
                    cancellationToken);
            },
            cancellationToken);
}
