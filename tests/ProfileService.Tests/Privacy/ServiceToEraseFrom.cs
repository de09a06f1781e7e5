using System.Text.Json;
using ProfileService.Platform;
using ProfileService.Windows;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Privacy;

/// <summary>A service with users to erase.</summary>
public abstract class ServiceToEraseFrom : IAsyncLifetime
{
    private protected const string Canary = "canary-7f3a9c51";

    private readonly DateTimeOffset _began = Now;
    private TestService? _service;

    private protected TestService Service => _service!;

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public async ValueTask InitializeAsync() => _service = await StartAsync();

    public virtual ValueTask DisposeAsync()
    {
        _service?.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    private protected abstract Task<TestService> StartAsync();

    /// <summary>Events, attributes and a profile that is in memory, also in that of similar users.</summary>
    /// <param name="at">When the last of the events is, in minutes from now.</param>
    private protected async Task FillAsync(string user, int at = -1)
    {
        var now = Now;
        var review = EventAt(now, at, user) with { Kind = "review", Text = $"text of {user}" };
        await Service.AcceptAsync(EventAt(now, at - 2, user), EventAt(now, at - 1, user), review);
        Assert.Equal(200, (await Service.PutAsync($"/v1/users/{user}/attributes", $$"""{ "age": 34, "name": "{{user}}" }""")).Status);
        Assert.Equal(200, (await Service.FreshAsync(user)).Status);
        Assert.Equal(200, (await Service.GetAsync($"/v1/users/{user}/profile")).Status);
        Assert.Equal(200, (await Service.GetAsync($"/v1/users/{user}/similar")).Status);
    }

    /// <summary>Merges a visitor, whose id begins like the user's, with all that is known of the visitor.</summary>
    private protected async Task MergeVisitorAsync()
    {
        await FillAsync($"{Canary}-visitor");
        Assert.Equal(200, (await Service.PostAsync($"/v1/users/{Canary}/merge", $$"""{"from":"{{Canary}}-visitor"}""")).Status);
    }

    private protected async Task<JsonElement> EraseAsync(string user)
    {
        var reply = await Service.SendAsync(HttpMethod.Delete, $"/v1/users/{Uri.EscapeDataString(user)}", []);
        Assert.Equal(202, reply.Status);
        return await GoneAsync(reply.Json.GetProperty("receipt").GetString()!);
    }

    private protected async Task<JsonElement> GoneAsync(string receipt)
    {
        JsonElement found = default;
        await Eventually.IsTrueAsync(async () =>
        {
            found = (await Service.GetAsync($"/v1/erasures/{receipt}")).Json;
            return found.GetProperty("state").GetString() != "pending";
        });
        return found;
    }

    /// <summary>Waits until the stores have written their files anew.</summary>
    private protected Task DoneAsync(string receipt) => Eventually.IsTrueAsync(async () =>
        (await Service.GetAsync($"/v1/erasures/{receipt}")).Json.GetProperty("state").GetString() == "done");

    /// <summary>
    /// An event so many minutes from now, or before the test began: an event of the past that is sent again is the same one, however long
    /// the test takes.
    /// </summary>
    private protected WindowEvent EventAt(double minutes, string user) => EventAt(minutes < 0 ? _began : Now, minutes, user);

    private protected static WindowEvent EventAt(DateTimeOffset from, double minutes, string user) =>
        Event(user: user) with { Timestamp = EventTime.FromUtc(from.UtcDateTime.AddMinutes(minutes)) };
}
