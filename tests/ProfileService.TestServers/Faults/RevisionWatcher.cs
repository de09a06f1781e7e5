using System.Text.Json;

namespace ProfileService.TestServers.Faults;

/// <summary>A client that looks profiles up at one service, over and over, and counts revisions that went back.</summary>
internal sealed class RevisionWatcher(HttpClient client, FaultyService service, DrawnEvents drawn)
{
    private const int Users = 48;

    private static readonly TimeSpan LookupInterval = TimeSpan.FromMilliseconds(25);

    private readonly Dictionary<string, long> _seen = [];

    /// <summary>What went back, in words.</summary>
    public List<string> WentBack { get; } = [];

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var user = $"u{drawn.Next(Users)}";
            if (await TryReadAsync(user, drawn.Next(4) == 0 ? "?fresh=true" : "") is { } revision)
                Note(user, revision);
            await Task.Delay(LookupInterval, TimeProvider.System, CancellationToken.None);
        }
    }

    private void Note(string user, long revision)
    {
        if (_seen.TryGetValue(user, out var last) && revision < last)
            WentBack.Add($"{user} went back from {last} to {revision}");
        _seen[user] = revision;
    }

    private async Task<long?> TryReadAsync(string user, string query)
    {
        try
        {
            using var response = await client.GetAsync(new Uri(service.Address, $"/v1/users/{user}/profile{query}"));
            return response.IsSuccessStatusCode
                ? JsonElement.Parse(await response.Content.ReadAsStringAsync()).GetProperty("revision").GetInt64() : null;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException)
        {
            return null;
        }
    }
}
