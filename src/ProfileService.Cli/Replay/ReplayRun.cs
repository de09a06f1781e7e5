using System.Net;
using System.Text;
using ProfileService.Cli.CommandLine;
using ProfileService.Cli.Data;
using ProfileService.Client;
using Spectre.Console;

namespace ProfileService.Cli.Replay;

/// <summary>
/// Sends an event file in batches, with a progress bar. Sending it again is harmless: events that are stored already count as duplicates.
/// </summary>
internal static class ReplayRun
{
    private const int MaxLines = 1_000; // per batch
    private const int MaxCharacters = 4 << 20; // per batch; the last line may exceed it

    /// <exception cref="Exception">
    /// The file cannot be read, or the service does not respond or refuses a request; see <see cref="CommandRunner"/>.
    /// </exception>
    public static Task<ReplayReport> RunAsync(EventFile file, Uri url, TimeProvider time, CancellationToken cancellationToken) =>
        Terminal.Progress().StartAsync(async progress =>
        {
            var bar = progress.AddTask("Sending", maxValue: Math.Max(1, file.Length ?? 1)).IsIndeterminate(file.Length is null);
            var report = new ReplayReport(file.Name, time);
            try
            {
                var client = ServiceClient.WithRetries(url, reason => bar.Description = Markup.Escape(reason));
                foreach (var batch in Batches(file.Lines))
                {
                    report.Add(await SendAsync(client, batch, cancellationToken), batch);
                    bar.Value = file.Read();
                    bar.Description = $"{report.Sent:N0} events, {report.Rate:N0}/s";
                }
            }
            catch when (report.Sent > 0)
            {
                Terminal.Warn($"{report.Sent:N0} events of {file.Name} were sent before the failure; sending them again is harmless.");
                throw;
            }

            bar.Value = bar.MaxValue;
            return report;
        });

    /// <summary>Divides lines into those of a request.</summary>
    public static IEnumerable<(long Number, string Json)[]> Batches(IEnumerable<(long Number, string Json)> lines)
    {
        var (batch, characters) = (new List<(long, string)>(), 0);
        foreach (var line in lines)
        {
            batch.Add(line);
            characters += line.Json.Length;
            if (batch.Count < MaxLines && characters < MaxCharacters)
                continue;
            yield return [.. batch];
            batch.Clear();
            characters = 0;
        }

        if (batch.Count > 0)
            yield return [.. batch];
    }

    private static async Task<IngestSummary> SendAsync(
        ProfileServiceClient client, (long Number, string Json)[] batch, CancellationToken cancellationToken)
    {
        try
        {
            var body = Encoding.UTF8.GetBytes(string.Join('\n', batch.Select(l => l.Json)));
            return await client.SendEventLinesAsync(body, cancellationToken);
        }
        catch (ProfileServiceException e) // none of the lines can be read
            when (e is { Status: HttpStatusCode.BadRequest, Code: not null, Detail: not null })
        {
            return new IngestSummary(0, 0, 0, batch.Length, [new EntryProblem(0, e.Code, e.Detail)]);
        }
    }
}
