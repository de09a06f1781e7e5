using System.Security.Claims;
using System.Text;
using ProfileService.Storage;

namespace ProfileService.Auth;

/// <summary>Who calls, as claims: an id, a name for people, and one claim for each scope.</summary>
internal static class Callers
{
    public const string Id = "sub";
    public const string Name = "name";
    public const string Scope = "scope";
    private const int MaxIdLength = 128;
    private const string Client = "client_id";
    private const string AuthorizedParty = "azp";

    public static Caller OfKey(ApiKeyRow key, AuthOptions options) => new(
        new ClaimsIdentity(
            [new(Id, $"key:{key.Id}"), new(Name, key.Name), .. ScopesIn(key.Scopes).Select(scope => new Claim(Scope, scope))],
            AuthSchemes.Key, Name, roleType: null),
        new CallerRates(
            $"key:{key.Id}",
            key.Requests ?? options.RequestsPerSecond,
            key.Events ?? options.EventsPerSecond,
            key.Users ?? options.UsersPerSecond));

    /// <summary>The claims of a token, with the scopes that the provider writes in its own way.</summary>
    public static Caller OfToken(ClaimsPrincipal token, AuthOptions options)
    {
        var scopes = token.FindAll(options.ScopeClaim).SelectMany(claim => ScopesIn(claim.Value)).Distinct();
        var client = (token.FindFirst(Client) ?? token.FindFirst(AuthorizedParty))?.Value;
        // Everybody who uses the console has a token of the same client; the audit log must tell them apart.
        var isPerson = options.ConsoleClientId.Length > 0 && client == options.ConsoleClientId;
        var (kind, name) = client is null || isPerson ? ("subject", token.FindFirst(Id)?.Value ?? "unknown") : ("token", client);
        var id = Plain(name);
        var caller = $"{kind}:{id}";
        return new(
            new ClaimsIdentity(
                [new(Id, caller), new(Name, token.FindFirst(Name)?.Value ?? id), .. scopes.Select(scope => new Claim(Scope, scope))],
                AuthSchemes.Token, Name, roleType: null),
            new CallerRates(caller, options.RequestsPerSecond, options.EventsPerSecond, options.UsersPerSecond));
    }

    public static bool Has(this ClaimsPrincipal caller, string scope) => caller.HasClaim(Scope, scope);

    // A provider may put any text there, and it is written to the audit log. Postgres takes no half of a surrogate pair.
    private static string Plain(string text)
    {
        var plain = new StringBuilder(MaxIdLength);
        foreach (var rune in text.EnumerateRunes()) // a half becomes U+FFFD
        {
            if (plain.Length + rune.Utf16SequenceLength > MaxIdLength)
                break;
            if (!Rune.IsControl(rune))
                plain.Append(rune.ToString());
        }

        return plain.ToString();
    }

    public static string[] ScopesIn(string list) => list.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
