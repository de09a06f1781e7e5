using System.CommandLine;
using ProfileService.Auth;
using ProfileService.Cli.Stores;
using ProfileService.Storage;
using Spectre.Console;

namespace ProfileService.Cli.Keys;

/// <summary><c>profiles keys list</c>: every key but its secret.</summary>
internal static class ListKeysCommand
{
    private const string Time = "yyyy-MM-dd HH:mm'Z'";

    public static Command Create()
    {
        var settings = ServiceParts.Settings();
        var command = new Command("list", "Lists the keys: what each may do, until when, and when it was last used.") { settings };
        command.SetAction((parsed, cancellationToken) =>
            KeysCommand.UseKeysAsync(parsed.GetValue(settings)!, PrintAsync, cancellationToken));
        return command;
    }

    private static async Task<int> PrintAsync(KeyStore keys, CancellationToken cancellationToken)
    {
        var table = new Table().AddColumns("Id", "Name", "Scopes", "State", "Ends", "Last used").SimpleBorder();
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        foreach (var key in await keys.ListAsync(cancellationToken))
        {
            table.AddRow(
                key.Id, Markup.Escape(key.Name), key.Scopes, StateOf(key, now),
                key.ExpiresAt?.ToString(Time) ?? "never", key.LastUsedAt?.ToString(Time) ?? "never");
        }

        AnsiConsole.Write(table);
        return 0;
    }

    private static string StateOf(ApiKeyRow key, DateTime now) =>
        key.RevokedAt is not null ? "revoked" : key.ExpiresAt <= now ? "expired" : "valid";
}
