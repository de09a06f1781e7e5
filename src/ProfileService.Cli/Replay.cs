using Spectre.Console;

namespace ProfileService.Cli;

/// <summary>Sends a file in batches, with a progress bar.</summary>
internal static class Replay
{
    private const int BatchSize = 1_000;

    /// <exception cref="ReplayException">The service does not answer, or refuses the request as such.</exception>
    public static Task<ReplayReport> RunAsync(EventFile file, HttpClient client, TimeProvider time, CancellationToken cancellationToken) =>
        AnsiConsole.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async progress =>
            {
                var bar = progress.AddTask("Sending", maxValue: Math.Max(1, file.Length));
                var report = new ReplayReport(time);
                var sender = new EventSender(client, time, reason => bar.Description = Markup.Escape(reason));
                foreach (var batch in file.Lines.Chunk(BatchSize))
                {
                    report.Add(await sender.SendAsync([.. batch.Select(l => l.Json)], cancellationToken), batch);
                    bar.Value = file.Read();
                    bar.Description = $"{report.Sent:N0} events, {report.Rate:N0}/s";
                }

                bar.Value = bar.MaxValue;
                return report;
            });
}
