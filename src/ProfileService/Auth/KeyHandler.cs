using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace ProfileService.Auth;

/// <summary>Signs in callers that present an API key.</summary>
internal sealed class KeyHandler(
    KeyRing ring, IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(Authenticate());

    private AuthenticateResult Authenticate()
    {
        var presented = Credentials.Of(Request);
        if (presented.IsEmpty)
            return AuthenticateResult.NoResult();
        if (ring.Find(presented) is not { } key)
            return AuthenticateResult.Fail(AuthFailure.Invalid);
        var now = TimeProvider.GetUtcNow();
        if (key.FailureAt(now) is { } failure)
            return AuthenticateResult.Fail(failure);
        key.UsedAt(now);
        return AuthenticateResult.Success(new AuthenticationTicket(key.Caller, Scheme.Name));
    }
}
