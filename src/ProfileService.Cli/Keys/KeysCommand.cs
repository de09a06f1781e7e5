using System.CommandLine;
using ProfileService.Auth;
using ProfileService.Cli.Stores;

namespace ProfileService.Cli.Keys;

/// <summary>
/// <c>profiles keys create|list|rotate|revoke</c>: the API keys of a service. The commands use the database directly, with the service's
/// settings, and may run beside it.
/// </summary>
internal static class KeysCommand
{
    public static Command Create() => new("keys", "Makes, lists, rotates and revokes the API keys of a service (Auth:Mode Keys or Both).")
    {
        CreateKeyCommand.Create(),
        ListKeysCommand.Create(),
        RotateKeyCommand.Create(),
        RevokeKeyCommand.Create(),
    };

    public static DateTime Now => TimeProvider.System.GetUtcNow().UtcDateTime;

    /// <summary>Does the work with the keys of the service that the settings describe.</summary>
    public static Task<int> UseKeysAsync(
        string[] settings,
        Func<KeyStore, CancellationToken, Task<int>> work,
        CancellationToken cancellationToken,
        bool mayCreate = false) =>
        ServiceDatabase.UseAsync(
            settings, (database, token) => work(new KeyStore(database, TimeProvider.System), token), mayCreate, cancellationToken);
}
