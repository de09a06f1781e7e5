using System.CommandLine;
using ProfileService.Auth;
using ProfileService.Cli.CommandLine;
using ProfileService.Cli.Stores;

namespace ProfileService.Cli.Keys;

/// <summary><c>profiles keys rotate ID</c>: makes a key that takes another's place; for a while, both are valid.</summary>
internal static class RotateKeyCommand
{
    public static Command Create()
    {
        var id = RevokeKeyCommand.KeyId();
        var overlap = SpanOption.Create(
            "--overlap", "How long the former key still lets in: 24h, 7d; never to leave its end as it is.", TimeSpan.FromDays(1));
        var expires = SpanOption.Create("--expires", "When the new key ends by itself: 90d, 12h, or never.", TimeSpan.FromDays(365));
        var settings = ServiceParts.Settings();
        var command = new Command("rotate", "Makes a key with the name, scopes and limits of another, which ends after --overlap.")
        {
            id, overlap, expires, settings,
        };
        command.SetAction((parsed, cancellationToken) => KeysCommand.UseKeysAsync(
            parsed.GetValue(settings)!,
            (keys, token) => RotateAsync(keys, parsed.GetValue(id)!, parsed.GetValue(overlap)!, parsed.GetValue(expires)!, token),
            cancellationToken));
        return command;
    }

    private static async Task<int> RotateAsync(
        KeyStore keys, string id, KeyLifetime overlap, KeyLifetime expires, CancellationToken cancellationToken)
    {
        if ((await keys.ListAsync(cancellationToken)).SingleOrDefault(key => key.Id == id) is not { } former)
            return RevokeKeyCommand.NoKey(id);
        if (former.RevokedAt is not null)
        {
            Terminal.Fail($"The key {id} was revoked, and a revoked key is not renewed. Make one: profiles keys create.");
            return 1;
        }

        var now = KeysCommand.Now;
        await CreateKeyCommand.PrintNewAsync(
            keys,
            new NewKey(former.Name, Callers.ScopesIn(former.Scopes), expires.EndAfter(now), former.Requests, former.Events, former.Users),
            cancellationToken);
        if (overlap.EndAfter(now) is { } end)
            await keys.ExpireAsync(id, end, cancellationToken);
        return 0;
    }
}
