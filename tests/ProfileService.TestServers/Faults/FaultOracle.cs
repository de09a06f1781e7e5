using System.Text.Json;
using ProfileService.TestServers.Common;
using ProfileService.Windows;

namespace ProfileService.TestServers.Faults;

/// <summary>Compares what every service answers, once all is healed, with what clients sent and what was acknowledged.</summary>
internal sealed class FaultOracle(HttpClient client, FaultWorld world, WindowOptions rules)
{
    private readonly WindowCheck _windows = new(rules);
    private readonly PatientReader _reader = new(client);

    public async Task<FaultLeft> CheckAsync()
    {
        var left = new FaultLeft(0, 0, 0);
        foreach (var service in world.Services)
        {
            if (!await IsSettledAsync(service))
                left = left with { Stale = left.Stale + 1 };
            foreach (var sent in world.Sent.Users())
                left = left.Add(await CompareAsync(service, sent));
        }
        return left;
    }

    /// <summary>Whether the service comes to be ready with nobody due.</summary>
    private Task<bool> IsSettledAsync(FaultyService service) => Eventually.ComesTrueAsync(async () =>
        await service.AnswersAsync("health/ready")
        && await _reader.TryGetAsync(new Uri(service.Address, "/v1/status")) is { } status
        && JsonElement.Parse(status).GetProperty("due").GetInt64() == 0, Eventually.Bound);

    private async Task<FaultLeft> CompareAsync(FaultyService service, SentEvents sent)
    {
        var window = await GetAsync(service, $"/v1/users/{sent.User}/window");
        var different = _windows.Compare(sent, window);
        return new FaultLeft(different.Lost, different.Invented, window is null || await IsFreshAsync(service, sent.User, window) ? 0 : 1);
    }

    private async Task<bool> IsFreshAsync(FaultyService service, string user, string window) =>
        await GetAsync(service, $"/v1/users/{user}/profile") is { } answer
        && JsonElement.Parse(answer) is var profile
        && profile.GetProperty("revision").GetInt64() == JsonElement.Parse(window).GetProperty("revision").GetInt64()
        && !profile.GetProperty("freshness").GetProperty("stale").GetBoolean();

    private Task<string?> GetAsync(FaultyService service, string path) => _reader.GetAsync(new Uri(service.Address, path));
}
