using System.Text.Json;

namespace ProfileService.TestServers.Common;

/// <summary>
/// Asks a service for its state until it is as expected. A single answer may be a second old, or tell that a store of a busy machine was slow.
/// </summary>
internal static class ServiceState
{
    /// <summary>Asks whether events can be stored.</summary>
    public static Task<ReadyAnswer> ReadyAsync(this HttpClient client, Func<ReadyAnswer, bool> isExpected) =>
        Eventually.AnswersAsync(() => AskAsync(client), isExpected);

    /// <summary>Waits until readiness has this status.</summary>
    public static Task<ReadyAnswer> ReadyAsync(this HttpClient client, int status) => client.ReadyAsync(ready => ready.Status == status);

    /// <summary>Waits until a check of readiness has this status.</summary>
    /// <param name="answered">The status of the answer as a whole; null for any.</param>
    public static Task<ReadyAnswer> ReadyAsync(this HttpClient client, string check, string status, int? answered = null) =>
        client.ReadyAsync(ready => ready.StatusOf(check) == status && ready.Status == (answered ?? ready.Status));

    /// <summary>Waits until every profile is as new as its user's events.</summary>
    public static Task NobodyIsDueAsync(this HttpClient client) => Eventually.IsTrueAsync(async () =>
    {
        using var status = await client.GetAsync(new Uri("/v1/status", UriKind.Relative));
        return status.IsSuccessStatusCode
            && JsonElement.Parse(await status.Content.ReadAsByteArrayAsync()).GetProperty("due").GetInt64() == 0;
    });

    private static async Task<ReadyAnswer> AskAsync(HttpClient client)
    {
        using var ready = await client.GetAsync(new Uri("/health/ready", UriKind.Relative));
        return new ReadyAnswer((int)ready.StatusCode, await ready.Content.ReadAsStringAsync());
    }
}
