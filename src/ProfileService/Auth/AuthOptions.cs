using System.ComponentModel.DataAnnotations;
using ProfileService.Platform;
using ProfileService.Platform.Settings;

namespace ProfileService.Auth;

/// <summary>Section <c>Auth</c>: who may use the API.</summary>
[Section("Auth")]
internal sealed class AuthOptions
{
    /// <summary>Whom the service lets in: None, Keys, Oidc or Both; default None, which only loopback addresses allow.</summary>
    public AuthMode Mode { get; set; }

    /// <summary>
    /// Whether everyone who reaches the service may read and write everything, also from other machines, with mode None. Default false.
    /// </summary>
    public bool OpenToEveryone { get; set; }

    /// <summary>
    /// Address of the OpenID Connect provider, such as <c>https://login.example.com/realms/shop</c>. Required for Oidc and Both.
    /// </summary>
    public string Authority { get; set; } = "";

    /// <summary>The audience that a token must be issued for. Required for Oidc and Both.</summary>
    public string Audience { get; set; } = "";

    /// <summary>
    /// Id under which the provider knows the console, as a public client with the authorization code flow and PKCE. People sign in to the
    /// console by the provider then. Default empty: they enter a key or a token.
    /// </summary>
    public string ConsoleClientId { get; set; } = "";

    /// <summary>
    /// Scopes that the console asks the provider for, separated by spaces; default <c>openid</c> and all scopes of this service.
    /// </summary>
    [Required]
    public string ConsoleScopes { get; set; } = $"openid {string.Join(' ', Scopes.All)}";

    /// <summary>Claim with a token's scopes: a list separated by spaces, or one claim for each. Default <c>scope</c>.</summary>
    [Required]
    public string ScopeClaim { get; set; } = "scope";

    /// <summary>
    /// Signature algorithms that are accepted, of RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512. Default RS256, PS256,
    /// ES256.
    /// </summary>
    public string[] Algorithms { get; set; } = ["RS256", "PS256", "ES256"];

    /// <summary>How much the provider's clock may differ from this machine's. 0 to 5 min, default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Requests a second that each caller may send, if its key has no limit of its own. 0 to 1,000,000, default 0: no limit.
    /// </summary>
    [Range(0, 1_000_000)]
    public int RequestsPerSecond { get; set; }

    /// <summary>
    /// Events a second that each caller may post, if its key has no limit of its own. 0 to 10,000,000, default 0: no limit.
    /// </summary>
    [Range(0, 10_000_000)]
    public int EventsPerSecond { get; set; }

    /// <summary>
    /// Users a second that each caller may look up, if its key has no limit of its own. 0 to 10,000,000, default 0: no limit.
    /// </summary>
    [Range(0, 10_000_000)]
    public int UsersPerSecond { get; set; }

    public bool TakesKeys => Mode is AuthMode.Keys or AuthMode.Both;

    public bool TakesTokens => Mode is AuthMode.Oidc or AuthMode.Both;
}
