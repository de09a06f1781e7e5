using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ProfileService.Auth;
using ProfileService.Platform;
using ProfileService.Storage;

namespace ProfileService.Tests.Auth;

/// <summary>A service that asks for API keys, and keys of it.</summary>
public sealed class KeyedService : IDisposable
{
    private readonly ServiceProvider? _owner;

    public KeyedService()
        : this([])
    {
    }

    internal KeyedService(params (string Name, string Value)[] settings)
    {
        Service = new TestService([("Auth:Mode", "Keys"), .. settings]);
        var database = settings.FirstOrDefault(s => s.Name == "ConnectionStrings:Postgres").Value;
        _owner = database is null ? null : PostgresRoles.Services(PostgresRoles.AsOwner(database));
    }

    public TestService Service { get; }

    // As the command does that makes keys: the running service may not.
    private KeyStore Store => _owner is null
        ? Service.Services.GetRequiredService<KeyStore>()
        : new KeyStore(_owner.GetRequiredService<IDbContextFactory<ProfileDbContext>>(), TimeProvider.System);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Makes a key with these scopes, or with all if none is named.</summary>
    internal Task<string> KeyAsync(params string[] scopes) => KeyAsync(new NewKey("test", scopes.Length > 0 ? scopes : Scopes.All, null));

    internal async Task<string> KeyAsync(NewKey wanted)
    {
        var key = await Store.CreateAsync(wanted, Token);
        await LearnAsync();
        return key;
    }

    internal Task<string> ExpiredKeyAsync() => KeyAsync(new NewKey("expired", Scopes.All, TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(-1)));

    internal async Task<string> RevokedKeyAsync()
    {
        var key = await KeyAsync();
        await RevokeAsync(key);
        return key;
    }

    internal async Task RevokeAsync(string key)
    {
        await Store.RevokeAsync(ApiKey.IdOf(key)!, Token);
        await LearnAsync();
    }

    internal async Task ExpireAsync(string key)
    {
        await Store.ExpireAsync(ApiKey.IdOf(key)!, TimeProvider.System.GetUtcNow().UtcDateTime, Token);
        await LearnAsync();
    }

    internal static (string, string) Bearer(string key) => ("Authorization", $"Bearer {key}");

    public void Dispose()
    {
        Service.Dispose();
        _owner?.Dispose();
    }

    // What the worker does every two seconds.
    private Task LearnAsync() => Service.Services.GetRequiredService<KeyRing>().ReadAsync(Token);
}
