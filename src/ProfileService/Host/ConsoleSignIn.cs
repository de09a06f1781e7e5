using System.Net.Mime;
using System.Text.Json;
using ProfileService.Auth;

namespace ProfileService.Host;

/// <summary>How people sign in to the console by an OpenID Connect provider, as its page is told. Nothing of it is secret.</summary>
/// <param name="Authority">Address of the provider; left out if people enter a key or a token.</param>
/// <param name="ClientId">The console's id at the provider.</param>
/// <param name="Scopes">What to ask for.</param>
internal sealed record ConsoleSignIn(string Authority, string ClientId, string Scopes)
{
    private static readonly byte[] None = "{}"u8.ToArray();

    public static ConsoleFile FileOf(AuthOptions options)
    {
        var content = IsOffered(options)
            ? JsonSerializer.SerializeToUtf8Bytes(
                new ConsoleSignIn(options.Authority, options.ConsoleClientId, options.ConsoleScopes), JsonSerializerOptions.Web)
            : None;
        return ConsoleFile.Of(content, MediaTypeNames.Application.Json);
    }

    /// <summary>The origin that the page may ask beside this service; null if none.</summary>
    public static string? OriginOf(AuthOptions options) =>
        IsOffered(options) ? new Uri(options.Authority).GetLeftPart(UriPartial.Authority) : null;

    private static bool IsOffered(AuthOptions options) => options.TakesTokens && options.ConsoleClientId.Length > 0;
}
