using Microsoft.Net.Http.Headers;
using ProfileService.Profiles;

namespace ProfileService.Lookup;

/// <summary>The entity tag of a profile: model and revision. Weak, for the age in the body moves on while the profile stands.</summary>
internal static class ProfileEtag
{
    public static EntityTagHeaderValue Of(Profile profile) => new($"\"{profile.Model}-{profile.Revision}\"", isWeak: true);

    /// <summary>Whether the client says that it has this profile already.</summary>
    public static bool IsKnownTo(HttpRequest request, EntityTagHeaderValue tag) =>
        request.GetTypedHeaders().IfNoneMatch.Any(known => known.Equals(EntityTagHeaderValue.Any) || known.Compare(tag, useStrongComparison: false));
}
