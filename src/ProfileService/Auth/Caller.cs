using System.Security.Claims;

namespace ProfileService.Auth;

/// <summary>A caller that has signed in.</summary>
internal sealed class Caller(ClaimsIdentity identity, CallerRates rates) : ClaimsPrincipal(identity)
{
    public CallerRates Rates => rates;
}

/// <summary>How much a caller may ask for a second; 0 for no limit.</summary>
/// <param name="Id">Whose limits they are. Callers of the same id share them.</param>
internal sealed record CallerRates(string Id, int Requests, int Events, int Users);
