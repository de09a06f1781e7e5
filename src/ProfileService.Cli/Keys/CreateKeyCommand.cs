using System.CommandLine;
using ProfileService.Auth;
using ProfileService.Cli.CommandLine;
using ProfileService.Cli.Stores;
using ProfileService.Platform;

namespace ProfileService.Cli.Keys;

/// <summary><c>profiles keys create NAME --scopes A,B</c>: makes a key and prints it, once.</summary>
internal static class CreateKeyCommand
{
    private const int MaxNameLength = 100;

    public static Command Create()
    {
        var (name, scopes, settings) = (Name(), ScopesOption.Create(), ServiceParts.Settings());
        var expires = SpanOption.Create("--expires", "When the key ends by itself: 90d, 12h, or never.", TimeSpan.FromDays(365));
        var (requests, events, users) = (Rate("--requests", "requests"), Rate("--events", "events"), Rate("--users", "users looked up"));
        var command = new Command("create", "Makes a key and prints it. It is shown this once: the database keeps only its SHA-256.")
        {
            name, scopes, expires, requests, events, users, settings,
        };
        command.SetAction((parsed, cancellationToken) => KeysCommand.UseKeysAsync(
            parsed.GetValue(settings)!,
            (keys, token) => PrintNewAsync(
                keys,
                new NewKey(
                    parsed.GetValue(name)!, parsed.GetValue(scopes)!, parsed.GetValue(expires)!.EndAfter(KeysCommand.Now),
                    parsed.GetValue(requests), parsed.GetValue(events), parsed.GetValue(users)),
                token),
            cancellationToken,
            mayCreate: true));
        return command;
    }

    /// <summary>Prints the key to standard output, and what it is to standard error.</summary>
    public static async Task<int> PrintNewAsync(KeyStore keys, NewKey wanted, CancellationToken cancellationToken)
    {
        var key = await keys.CreateAsync(wanted, cancellationToken);
        await ShowAsync(key, keys);
        await Console.Error.WriteLineAsync(
            $"Key {ApiKey.IdOf(key)} ({wanted.Name}) may {string.Join(", ", wanted.Scopes)}, "
            + $"until {wanted.ExpiresAt?.ToString("u") ?? "it is revoked"}. "
            + "Store it now: it is not shown again. Send it as Authorization: Bearer …");
        return 0;
    }

    /// <exception cref="OutputException">
    /// The key cannot be printed. It is revoked, because nobody has it; if that fails, the message says so.
    /// </exception>
    private static async Task ShowAsync(string key, KeyStore keys)
    {
        try
        {
            Console.WriteLine(key);
        }
        catch (OutputException e)
        {
            var id = ApiKey.IdOf(key)!;
            try
            {
                await keys.RevokeAsync(id, CancellationToken.None);
            }
            catch (Exception failed)
            {
                throw new OutputException(
                    $"{e.Message} The key {id} was not shown and is still valid, as revoking it failed: "
                    + $"{StoreFailure.CauseOf(failed).Message} Revoke it: profiles keys revoke {id}",
                    e);
            }

            throw new OutputException($"{e.Message} The key {id} was not shown, and was revoked. Make another.", e);
        }
    }

    private static Argument<string> Name()
    {
        var name = new Argument<string>("NAME") { Description = "What people call the key, such as shop-backend." };
        name.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is not { Length: > 0 and <= MaxNameLength } text || text.Any(char.IsControl))
                result.AddError($"NAME has 1 to {MaxNameLength} characters and no control characters.");
        });
        return name.BeforeSettings();
    }

    private static Option<int?> Rate(string name, string what) => NumberOption.Create<int>(
        name, 1, max: null, $"At most so many {what} a second; without it, as the service's settings say.", "N");
}
