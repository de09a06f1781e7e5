using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using ProfileService.Platform;

namespace ProfileService.Auth;

/// <summary>Signs in callers that present an access token of an OpenID Connect provider.</summary>
internal static class TokenSetup
{
    // A token with an unknown signing key makes the service fetch the provider's keys, at most so often.
    private static readonly TimeSpan FetchInterval = TimeSpan.FromSeconds(10);

    // Keys that the provider has withdrawn are accepted for at most so long.
    private static readonly TimeSpan UpdateInterval = TimeSpan.FromMinutes(5);

    // Maximum time that a request waits for the provider's keys while none are known, its wait for requests before it included.
    private static readonly TimeSpan LongestFetch = TimeSpan.FromSeconds(5);

    public static AuthenticationBuilder AddTokens(this AuthenticationBuilder authentication)
    {
        authentication.Services.AddOptions<JwtBearerOptions>(AuthSchemes.Token).Configure<IOptions<AuthOptions>>(Configure);
        authentication.AddJwtBearer(AuthSchemes.Token, _ => { });
        authentication.Services.PostConfigure<JwtBearerOptions>(AuthSchemes.Token, ForgetWithdrawnKeys);
        return authentication;
    }

    // By default, keys that the provider withdrew would be accepted for another hour.
    private static void ForgetWithdrawnKeys(JwtBearerOptions token)
    {
        if (token.ConfigurationManager is BaseConfigurationManager keys)
            keys.UseLastKnownGoodConfiguration = false;
    }

    private static void Configure(JwtBearerOptions token, IOptions<AuthOptions> options)
    {
        var auth = options.Value;
        token.Authority = auth.Authority;
        token.Audience = auth.Audience;
        token.RequireHttpsMetadata = !ServerAddresses.IsLoopback(new Uri(auth.Authority).Host);
        token.BackchannelTimeout = LongestFetch;
        token.MapInboundClaims = false;
        token.RefreshInterval = FetchInterval;
        token.AutomaticRefreshInterval = UpdateInterval;
        token.TokenValidationParameters.ValidAlgorithms = auth.Algorithms;
        token.TokenValidationParameters.ClockSkew = auth.ClockSkew;
        token.TokenValidationParameters.RequireExpirationTime = true;
        token.Events = new JwtBearerEvents
        {
            OnTokenValidated = context =>
            {
                context.Principal = Callers.OfToken(context.Principal!, auth);
                return Task.CompletedTask;
            },
            OnMessageReceived = async context =>
            {
                if (Credentials.Of(context.Request).Length > 0
                    && !await HasKeysAsync(context.Options, context.HttpContext.RequestAborted))
                    context.Fail(AuthFailure.ProviderUnavailable);
            },
        };
    }

    /// <summary>Whether the provider's keys are known. Without them, each token looks as if another provider had issued it.</summary>
    private static async Task<bool> HasKeysAsync(JwtBearerOptions token, CancellationToken cancellationToken)
    {
        try
        {
            await token.ConfigurationManager!.GetConfigurationAsync(cancellationToken)
                .WaitAsync(LongestFetch, TimeProvider.System, cancellationToken);
            return true;
        }
        catch (Exception e) when (e is InvalidOperationException or IOException or HttpRequestException or TimeoutException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }
}
