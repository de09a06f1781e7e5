using System.Net;
using System.Text;
using ProfileService.Client;
using Spectre.Console;

namespace ProfileService.Cli;

/// <summary>
/// Sends a file in batches, with a progress bar. Sending it again is harmless: an event that is stored already counts as a duplicate.
/// </summary>
internal static class Replay
{
    private const int MostEvents = 1_000; // of a batch
    private const int MostCharacters = 4 << 20; // of a batch, about: one event more may go beyond it

    /// <exception cref="Exception">The file cannot be read, the service does not answer, or it refuses the request as such; see <see cref="Work"/>.</exception>
    public static Task<ReplayReport> RunAsync(EventFile file, Uri url, TimeProvider time, CancellationToken cancellationToken) =>
        Terminal.Progress().StartAsync(async progress =>
        {
            var bar = progress.AddTask("Sending", maxValue: Math.Max(1, file.Length ?? 1)).IsIndeterminate(file.Length is null);
            var report = new ReplayReport(file.Name, time);
            try
            {
                var client = ServiceClient.Patient(url, reason => bar.Description = Markup.Escape(reason));
                foreach (var batch in Batches(file.Lines))
                {
                    report.Add(await SendAsync(client, batch, cancellationToken), batch);
                    bar.Value = file.Read();
                    bar.Description = $"{report.Sent:N0} events, {report.Rate:N0}/s";
                }
            }
            catch when (report.Sent > 0)
            {
                Terminal.Warn($"{report.Sent:N0} events of {file.Name} were sent until then; sending them again is harmless.");
                throw;
            }

            bar.Value = bar.MaxValue;
            return report;
        });

    private static IEnumerable<(long Number, string Json)[]> Batches(IEnumerable<(long Number, string Json)> lines)
    {
        var (batch, characters) = (new List<(long, string)>(), 0);
        foreach (var line in lines)
        {
            batch.Add(line);
            characters += line.Json.Length;
            if (batch.Count < MostEvents && characters < MostCharacters)
                continue;
            yield return [.. batch];
            batch.Clear();
            characters = 0;
        }

        if (batch.Count > 0)
            yield return [.. batch];
    }

    private static async Task<IngestSummary> SendAsync(ProfileServiceClient client, (long Number, string Json)[] batch, CancellationToken cancellationToken)
    {
        try
        {
            return await client.SendEventLinesAsync(Encoding.UTF8.GetBytes(string.Join('\n', batch.Select(l => l.Json))), cancellationToken);
        }
        catch (ProfileServiceException e) when (e is { Status: HttpStatusCode.BadRequest, Code: not null, Detail: not null }) // no line of it can be read
        {
            return new IngestSummary(0, 0, 0, batch.Length, [new EntryProblem(0, e.Code, e.Detail)]);
        }
    }
}
