using System.Text.Json;
using System.Text.Json.Nodes;

namespace ProfileService.Tests.Model;

/// <summary>A package may say up to which erasure it was trained; the service says how many came since.</summary>
[Needs(Need.Server)]
public sealed class ModelPrivacyTests : IDisposable
{
    private readonly PackageCopy _package = new(Repository.TinyPackage);

    [Fact]
    public async Task ErasuresSinceTheExportOfItsLogAreCounted()
    {
        State("""{"ledgerSequence":2,"exportedAt":"2026-11-27T10:00:00Z","refitOf":"tiny/0"}""");
        using var service = new TestService(("Model:Package", _package.Path));
        await EraseAsync(service, "u1", "u2");
        var privacy = (await ActiveAsync(service)).GetProperty("privacy");
        Assert.Equal(2, privacy.GetProperty("ledgerSequence").GetInt64());
        Assert.Equal("tiny/0", privacy.GetProperty("refitOf").GetString());
        Assert.Equal(new DateTimeOffset(2026, 11, 27, 10, 0, 0, TimeSpan.Zero), privacy.GetProperty("exportedAt").GetDateTimeOffset());
        Assert.Equal(0, await ErasuresSinceAsync(service));
        await EraseAsync(service, "u3", "u1"); // of whom one was erased before, and again
        Assert.Equal(2, await ErasuresSinceAsync(service));
    }

    [Fact]
    public async Task ErasuresSinceAreNotKnownOfAPackageThatDoesNotSayIt()
    {
        using var service = new TestService(("Model:Package", _package.Path));
        await EraseAsync(service, "u1");
        Assert.False((await ActiveAsync(service)).TryGetProperty("privacy", out _));
        Assert.False((await ActiveAsync(service)).TryGetProperty("erasuresSince", out _));
    }

    [Fact]
    public async Task ErasuresSinceAreNotKnownOfAPackageOfAnotherLedger()
    {
        State("""{"ledgerSequence":900,"exportedAt":"2026-11-27T10:00:00Z"}""");
        using var service = new TestService(("Model:Package", _package.Path));
        await EraseAsync(service, "u1");
        Assert.Equal(900, (await ActiveAsync(service)).GetProperty("privacy").GetProperty("ledgerSequence").GetInt64());
        Assert.False((await ActiveAsync(service)).TryGetProperty("erasuresSince", out _));
    }

    [Fact]
    public async Task WithoutTheDatabaseTheModelIsShownAllTheSame()
    {
        State("""{"ledgerSequence":0,"exportedAt":"2026-11-27T10:00:00Z"}""");
        await using var postgres = await PostgresServer.StartAsync();
        using var service = new TestService(("Model:Package", _package.Path), ("ConnectionStrings:Postgres", await postgres.CreateDatabaseAsync()));
        Assert.Equal(0, await ErasuresSinceAsync(service));
        await postgres.KillAsync();
        var active = await ActiveAsync(service);
        Assert.Equal("tiny/1", active.GetProperty("model").GetString());
        Assert.False(active.TryGetProperty("erasuresSince", out _));
    }

    [Theory]
    [InlineData("""{"ledgerSequence":-1,"exportedAt":"2026-11-27T10:00:00Z"}""", "privacy: ledgerSequence")]
    [InlineData("""{"exportedAt":"2026-11-27T10:00:00Z"}""", "privacy: ledgerSequence")]
    [InlineData("""{"ledgerSequence":1}""", "privacy: exportedAt")]
    [InlineData("""{"ledgerSequence":1,"exportedAt":"2026-11-27T10:00:00Z","refitOf":""}""", "privacy: refitOf")]
    [InlineData("""{"ledgerSequence":"one","exportedAt":"2026-11-27T10:00:00Z"}""", "its JSON is invalid")]
    [InlineData("""{"ledgerSequence":1,"exportedAt":"yesterday"}""", "its JSON is invalid")]
    public void WhatNoExportWritesIsRefused(string privacy, string reason)
    {
        State(privacy);
        _package.AssertRefused("manifest.json", reason);
    }

    public void Dispose() => _package.Dispose();

    private void State(string privacy) => _package.EditJson("manifest.json", m => m["privacy"] = JsonNode.Parse(privacy));

    private static async Task<JsonElement> ActiveAsync(TestService service)
    {
        var reply = await service.GetAsync("/v1/models");
        Assert.Equal(200, reply.Status);
        return reply.Json.GetProperty("active");
    }

    /// <summary>Asks until the answer has the number, which it leaves out where the database takes longer than a second.</summary>
    private static async Task<int> ErasuresSinceAsync(TestService service)
    {
        JsonElement since = default;
        await Eventually.IsTrueAsync(async () => (await ActiveAsync(service)).TryGetProperty("erasuresSince", out since));
        return since.GetInt32();
    }

    private static async Task EraseAsync(TestService service, params string[] users)
    {
        foreach (var user in users)
        {
            var receipt = (await service.SendAsync(HttpMethod.Delete, $"/v1/users/{user}", [])).Json.GetProperty("receipt").GetString();
            await Eventually.IsTrueAsync(async () =>
                await service.GetAsync($"/v1/erasures/{receipt}") is { Status: 200 } reply && reply.Json.GetProperty("state").GetString() != "pending");
        }
    }
}
