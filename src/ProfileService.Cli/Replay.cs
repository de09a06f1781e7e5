using System.Net;
using System.Text;
using ProfileService.Client;
using Spectre.Console;

namespace ProfileService.Cli;

/// <summary>Sends a file in batches, with a progress bar. Sending it again is harmless: an event that came through is a duplicate.</summary>
internal static class Replay
{
    private const int BatchSize = 1_000;

    /// <exception cref="Exception">The service does not answer, or refuses the request as such; see <see cref="ServiceClient.Explain"/>.</exception>
    public static Task<ReplayReport> RunAsync(EventFile file, Uri url, TimeProvider time, CancellationToken cancellationToken) =>
        AnsiConsole.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async progress =>
            {
                var bar = progress.AddTask("Sending", maxValue: Math.Max(1, file.Length));
                var report = new ReplayReport(time);
                var client = ServiceClient.Patient(url, reason => bar.Description = Markup.Escape(reason));
                foreach (var batch in file.Lines.Chunk(BatchSize))
                {
                    report.Add(await SendAsync(client, batch, cancellationToken), batch);
                    bar.Value = file.Read();
                    bar.Description = $"{report.Sent:N0} events, {report.Rate:N0}/s";
                }

                bar.Value = bar.MaxValue;
                return report;
            });

    private static async Task<IngestResult> SendAsync(ProfileServiceClient client, (long Number, string Json)[] batch, CancellationToken cancellationToken)
    {
        try
        {
            return await client.SendEventLinesAsync(Encoding.UTF8.GetBytes(string.Join('\n', batch.Select(l => l.Json))), cancellationToken);
        }
        catch (ProfileServiceException e) when (e is { Status: HttpStatusCode.BadRequest, Code: not null, Detail: not null }) // no line of it can be read
        {
            return new IngestResult(0, 0, 0, batch.Length, [new EntryProblem(0, e.Code, e.Detail)]);
        }
    }
}
