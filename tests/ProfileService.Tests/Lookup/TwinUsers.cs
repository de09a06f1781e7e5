using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using ProfileService.Refresh;
using ProfileService.Windows;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Lookup;

/// <summary>Users that are alike but for one thing, and how far their vectors are apart.</summary>
internal sealed class TwinUsers(TestService service)
{
    private readonly List<string> _events = [];
    private readonly JsonArray _attributes = [];

    public void Add(string user, IEnumerable<WindowEvent> events, JsonObject attributes)
    {
        _attributes.Add(new JsonObject { ["userId"] = user, ["attributes"] = attributes.DeepClone() });
        _events.AddRange(events.Select(e => (e with { UserId = user }).Json()));
    }

    /// <summary>Posts all and refreshes them.</summary>
    public async Task StoreAsync()
    {
        foreach (var some in _attributes.Chunk(500))
            Assert.Equal(200, (await service.PostAsync("/v1/attributes", $"[{string.Join(',', some.Select(a => a!.ToJsonString()))}]")).Status);
        if (_events.Count > 0)
            Assert.Equal(_events.Count, (await service.PostAsync("/v1/events", string.Join('\n', _events), "application/x-ndjson")).Json.GetProperty("accepted").GetInt32());
        var refresher = service.Services.GetRequiredService<ProfileRefresher>();
        while (await refresher.RefreshDueAsync(TestContext.Current.CancellationToken) > 0)
        {
        }
    }

    /// <summary>1 minus the cosine of the user's vector and the twin's; a vector of zeros is at a right angle to any other.</summary>
    public async Task<double> ChangeAsync(string user, string twin)
    {
        var (x, y) = (await VectorAsync(user), await VectorAsync(twin));
        var (lengthX, lengthY) = (Length(x), Length(y));
        return lengthX == 0 && lengthY == 0 ? 0
            : lengthX == 0 || lengthY == 0 ? 1
            : 1 - (x.Zip(y, (a, b) => a * b).Sum() / lengthX / lengthY);
    }

    public async Task<double[]> VectorAsync(string user) => (await service.GetAsync($"/v1/users/{user}/profile")).Floats64("vector");

    private static double Length(double[] x) => Math.Sqrt(x.Sum(a => a * a));
}
