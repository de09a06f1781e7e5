using System.CommandLine;
using ProfileService.Cli.CommandLine;
using ProfileService.Cli.Stores;

namespace ProfileService.Cli.Keys;

/// <summary><c>profiles keys revoke ID</c>: ends a key now.</summary>
internal static class RevokeKeyCommand
{
    public static Command Create()
    {
        var id = KeyId();
        var settings = ServiceParts.Settings();
        var command = new Command("revoke", "Ends a key now. Every process refuses it within 5 s.") { id, settings };
        command.SetAction((parsed, cancellationToken) => KeysCommand.UseKeysAsync(
            parsed.GetValue(settings)!,
            async (keys, token) => await keys.RevokeAsync(parsed.GetValue(id)!, token) ? 0 : NoKey(parsed.GetValue(id)!),
            cancellationToken));
        return command;
    }

    public static Argument<string> KeyId() =>
        new Argument<string>("ID") { Description = "Id of the key, as profiles keys list shows it." }.BeforeSettings();

    /// <summary>Says that there is no such key; returns the exit code.</summary>
    public static int NoKey(string id)
    {
        Terminal.Fail($"There is no key with the id {id}. profiles keys list shows the ids.");
        return 1;
    }
}
