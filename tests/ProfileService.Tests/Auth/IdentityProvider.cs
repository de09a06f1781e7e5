using System.Net.Http.Json;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using ProfileService.Platform;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace ProfileService.Tests.Auth;

/// <summary>
/// An OpenID Connect provider on a port of loopback, which gives a token to whoever asks for one. A browser is signed in as Ada at once.
/// </summary>
internal sealed class IdentityProvider : IAsyncDisposable
{
    public const string Audience = "profiles";
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    // Encrypts what the provider itself reads again; one serves all.
    private static readonly RsaSecurityKey Encryption = NewKey();

    private readonly WebApplication _app;
    private readonly HttpClient _client;

    private IdentityProvider(WebApplication app, Answers answers)
    {
        (_app, Person) = (app, answers);
        _client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    /// <summary>How it answers browsers.</summary>
    public Answers Person { get; }

    public string Authority => _client.BaseAddress!.ToString();

    public static RsaSecurityKey NewKey() => new(RSA.Create(2048)) { KeyId = Guid.NewGuid().ToString("N") };

    /// <param name="port">0 for a free one.</param>
    /// <param name="behind">How far its clock is behind.</param>
    public static async Task<IdentityProvider> StartAsync(RsaSecurityKey key, int port = 0, TimeSpan behind = default)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        var answers = new Answers();
        builder.Services.AddAuthentication();
        builder.Services.AddCors();
        builder.Services.AddOpenIddict().AddServer(server =>
        {
            server.RegisterScopes([.. Scopes.All]);
            server.SetAuthorizationEndpointUris("connect/authorize").AllowAuthorizationCodeFlow().RequireProofKeyForCodeExchange();
            server.SetTokenEndpointUris("connect/token").AllowClientCredentialsFlow().SetAccessTokenLifetime(Life);
            server.AddSigningKey(key).AddEncryptionKey(Encryption).DisableAccessTokenEncryption();
            server.Configure(options => options.TimeProvider = new Clock(behind));
            server.EnableDegradedMode(); // without a database of clients: everyone may have a token
            server.AddEventHandler<ValidateTokenRequestContext>(handler => handler.UseInlineHandler(_ => default));
            server.AddEventHandler<ValidateAuthorizationRequestContext>(handler => handler.UseInlineHandler(_ => default));
            server.AddEventHandler<HandleAuthorizationRequestContext>(handler => handler.UseInlineHandler(context =>
            {
                if (answers.Refusal is { } refusal)
                    context.Reject("access_denied", refusal);
                else
                    context.SignIn(Ada(context.Request, answers.Audience));
                return default;
            }));
            server.AddEventHandler<HandleTokenRequestContext>(handler => handler.UseInlineHandler(context =>
            {
                if (context.Request.IsAuthorizationCodeGrantType())
                {
                    context.SignIn(context.Principal!);
                    return default;
                }

                var identity = new ClaimsIdentity("provider");
                identity.SetClaim(OpenIddictConstants.Claims.Subject, context.Request.ClientId);
                identity.SetScopes(context.Request.GetScopes());
                identity.SetAudiences((string?)context.Request["token_audience"] ?? Audience);
                context.SignIn(new ClaimsPrincipal(identity));
                return default;
            }));
            server.UseAspNetCore().DisableTransportSecurityRequirement();
        });
        var app = builder.Build();
        app.UseCors(cors => cors.AllowAnyOrigin().AllowAnyHeader().AllowAnyMethod());
        app.UseAuthentication();
        await app.StartAsync();
        return new IdentityProvider(app, answers);
    }

    private static ClaimsPrincipal Ada(OpenIddictRequest request, string audience)
    {
        var identity = new ClaimsIdentity("provider");
        identity.SetClaim(OpenIddictConstants.Claims.Subject, "person-7");
        identity.SetClaim(OpenIddictConstants.Claims.Name, "Ada");
        identity.SetScopes(request.GetScopes());
        identity.SetAudiences(audience);
        identity.SetDestinations(_ => [OpenIddictConstants.Destinations.AccessToken, OpenIddictConstants.Destinations.IdentityToken]);
        return new ClaimsPrincipal(identity);
    }

    public async Task<string> TokenAsync(string scopes, string audience = Audience)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = "recommender",
            ["client_secret"] = "any",
            ["scope"] = scopes,
            ["token_audience"] = audience,
        });
        using var response = await _client.PostAsync(new Uri("connect/token", UriKind.Relative), form);
        var reply = await response.Content.ReadFromJsonAsync<JsonElement>();
        return reply.TryGetProperty("access_token", out var token) ? token.GetString()! : throw new InvalidOperationException(reply.GetRawText());
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
    }

    internal sealed class Answers
    {
        /// <summary>Why nobody is let in; null if everybody is.</summary>
        public string? Refusal { get; set; }

        public string Audience { get; set; } = IdentityProvider.Audience;
    }

    private sealed class Clock(TimeSpan behind) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() - behind;
    }
}
