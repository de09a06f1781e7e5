using System.CommandLine;
using System.Text.RegularExpressions;
using ProfileService.Audit;
using ProfileService.Cli.CommandLine;
using ProfileService.Cli.Stores;

namespace ProfileService.Cli;

/// <summary><c>profiles audit verify</c>: whether the audit log of a service is as it was written.</summary>
internal static partial class AuditCommand
{
    public static Command Create()
    {
        var settings = ServiceParts.Settings();
        var expected = new Option<string>("--contains")
        {
            Description = "A row and its hash, as an earlier run printed them: they must still be in the log.",
            HelpName = "ROW:HASH",
        };
        expected.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var given }] && !RowAndHash().IsMatch(given))
                result.AddError("--contains must be ROW:HASH as this command prints it: a number, a colon, 64 digits of 0-9 and a-f.");
        });
        var verify = new Command(
            "verify", "Follows the hash chain of the audit log. The exit code is 0 if no row was altered or removed.")
        {
            expected, settings,
        };
        verify.SetAction((parsed, cancellationToken) =>
        {
            var known = parsed.GetValue(expected)?.ToLowerInvariant();
            return ServiceDatabase.UseAsync(
                parsed.GetValue(settings)!,
                async (contexts, token) => Print(await new AuditStore(contexts).VerifyAsync(known, token)),
                mayCreate: false,
                cancellationToken);
        });
        return new Command("audit", "Checks the audit log of a service.") { verify };
    }

    [GeneratedRegex("^[1-9][0-9]{0,18}:[0-9a-fA-F]{64}$", RegexOptions.CultureInvariant)]
    private static partial Regex RowAndHash();

    private static int Print(AuditFinding found)
    {
        if (found is { Sequence: 0, Break: null })
            Terminal.Fail("The audit log is empty. Is this the database of the service?");
        else if (found.Break is { } reason)
            Terminal.Fail($"The audit log is broken after row {found.Sequence}: {reason}");
        else
            Console.WriteLine($"{found.Sequence}:{Convert.ToHexStringLower(found.Hash)}");
        return found is { Break: null, Sequence: > 0 } ? 0 : 1;
    }
}
