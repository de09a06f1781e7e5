using System.Net;

namespace ProfileService.Client;

public sealed partial class ProfileServiceClient
{
    private async Task<BatchSummary> PutAllAsync(
        string path, IEnumerable<(HttpContent Body, int Count)> arrays, CancellationToken cancellationToken)
    {
        var (all, before) = (new BatchSummary(0, 0, []), 0L);
        foreach (var (body, count) in arrays)
        {
            var more = await PutAsync(path, body, cancellationToken).ConfigureAwait(false);
            all = new BatchSummary(all.Accepted + more.Accepted, all.Rejected + more.Rejected, Add(all.Problems, more.Problems, before));
            before += count;
        }

        return all;
    }

    private Task<BatchSummary> PutAsync(string path, HttpContent body, CancellationToken cancellationToken) =>
        _calls.SendAsync(_calls.Post(path, body), ReadBatchAsync, cancellationToken);

    // If every entry was rejected, the verdicts come as a problem.
    private static async Task<BatchSummary> ReadBatchAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.StatusCode != HttpStatusCode.BadRequest)
            return await ServiceCalls.ReadAsync(response, ClientJson.Default.BatchSummary, cancellationToken).ConfigureAwait(false);
        var problem = await Problem.ReadAsync(response, cancellationToken).ConfigureAwait(false);
        return problem?.Verdicts is { } verdicts
            ? new BatchSummary(verdicts.Accepted, verdicts.Rejected, verdicts.Problems)
            : throw Problem.Exception(response, problem);
    }
}
