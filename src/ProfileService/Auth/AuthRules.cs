using Microsoft.Extensions.Options;
using ProfileService.Platform;
using ProfileService.Platform.Settings;

namespace ProfileService.Auth;

/// <summary>Validates at start that the settings do not open the service to callers who were not meant, and that limits hold.</summary>
internal sealed class AuthRules(IConfiguration configuration) : IValidateOptions<AuthOptions>
{
    private static readonly string[] Known = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    public ValidateOptionsResult Validate(string? name, AuthOptions options)
    {
        if (!configuration.CanRead<AuthOptions>(nameof(options.Mode)))
            return ValidateOptionsResult.Success; // all rules depend on it
        var wrong = (options.TakesTokens ? OfTokens(options) : Unused(options)).Concat(OfMode(options)).Concat(OfLimits(options)).ToList();
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }

    private IEnumerable<string> OfMode(AuthOptions options)
    {
        if (options is { Mode: not AuthMode.None, OpenToEveryone: true })
            yield return $"Auth:OpenToEveryone is true, but Auth:Mode is {options.Mode}, which asks callers who they are. "
                + "Remove one of them.";
        if (options is not { Mode: AuthMode.None, OpenToEveryone: false })
            yield break;
        foreach (var address in ServerAddresses.OfApi(configuration).Where(ServerAddresses.IsReachable))
        {
            yield return $"{address} can be reached from other machines, but Auth:Mode is None: "
                + "everyone there could read and write everything. "
                + "Set Auth:Mode to Keys, and make a first key: profiles keys create NAME --scopes all -- SETTINGS. "
                + "Or listen on http://localhost only. docs/security.md has the steps.";
        }
    }

    // With None all callers are one.
    private static IEnumerable<string> OfLimits(AuthOptions options) =>
        from limit in new (string Name, int PerSecond)[]
        {
            (nameof(options.RequestsPerSecond), options.RequestsPerSecond),
            (nameof(options.EventsPerSecond), options.EventsPerSecond),
            (nameof(options.UsersPerSecond), options.UsersPerSecond),
        }
        where options.Mode == AuthMode.None && limit.PerSecond > 0
        select $"Auth:{limit.Name} is set, but Auth:Mode is None, which does not tell callers apart, so that nobody would be limited. "
            + "Set Auth:Mode, or remove it.";

    private static IEnumerable<string> OfTokens(AuthOptions options)
    {
        if (!Uri.TryCreate(options.Authority, UriKind.Absolute, out var authority) || authority.Scheme is not ("https" or "http"))
            yield return $"Auth:Authority is not the address of an OpenID Connect provider, which Auth:Mode {options.Mode} needs, "
                + "such as https://login.example.com.";
        else if (authority.Scheme == "http" && !ServerAddresses.IsLoopback(authority.Host))
            yield return "Auth:Authority is http. "
                + "Signing keys that are fetched without TLS can be replaced on the way; write its https address.";
        if (options.ConsoleClientId.Length > 0 && !Callers.ScopesIn(options.ConsoleScopes).Contains("openid"))
            yield return "Auth:ConsoleScopes lacks openid. Without it the provider returns no id token, which the console checks.";
        if (string.IsNullOrWhiteSpace(options.Audience))
            yield return $"Auth:Audience is empty. Auth:Mode {options.Mode} needs it: "
                + "without it, tokens for other services would be accepted.";
        if (options.Algorithms.Length == 0)
            yield return $"Auth:Algorithms is empty. Name at least one of {string.Join(", ", Known)}.";
        foreach (var other in options.Algorithms.Except(Known))
            yield return $"Auth:Algorithms: '{other}' is not one of {string.Join(", ", Known)}. "
                + "Algorithms without a public key are not accepted.";
    }

    // A provider that is configured but not used is probably meant to be used.
    private static IEnumerable<string> Unused(AuthOptions options)
    {
        if (options.Authority.Length > 0 || options.Audience.Length > 0 || options.ConsoleClientId.Length > 0)
            yield return $"Auth:Authority, Auth:Audience or Auth:ConsoleClientId is set, but Auth:Mode is {options.Mode}. "
                + "Set Auth:Mode to Oidc or Both, or remove them.";
    }
}
