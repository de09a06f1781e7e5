using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ProfileService.Storage;

namespace ProfileService.Privacy.Export;

/// <summary>The user's profiles in the database, by every model.</summary>
internal sealed class ProfilesSource(IDbContextFactory<ProfileDbContext> contexts) : IExportSource
{
    public async Task<IReadOnlyList<ExportSection>> OpenAsync(string userId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var found = await db.Profiles.AsNoTracking().Where(p => p.UserId == userId).OrderBy(p => p.Model).ToListAsync(cancellationToken);
        return [ExportSection.Of("profiles", ["profiles"], found.ConvertAll(ExportedProfile.From))];
    }
}

/// <summary>A profile as it is stored.</summary>
/// <param name="Digest">Identifies the model's package.</param>
/// <param name="EventsThrough">Timestamp of the newest event in it; left out if it has none.</param>
/// <param name="Vector">Left out if one of its numbers is not finite.</param>
/// <param name="Dimensions">What the profile says in words and numbers; left out if that was not computed.</param>
internal sealed record ExportedProfile(
    string Model,
    string Digest,
    long Revision,
    int EventCount,
    float Evidence,
    DateTime? EventsThrough,
    DateTime ComputedAt,
    int Dimension,
    float[]? Vector,
    JsonElement? Dimensions)
{
    public static ExportedProfile From(Profile p) => new(
        p.Model,
        p.Digest,
        p.Revision,
        p.EventCount,
        p.Evidence,
        p.EventCount > 0 ? p.EventsThrough : null,
        p.ComputedAt,
        p.Dimension,
        VectorBytes.AreFinite(p.Vector) ? VectorBytes.ToFloats(p.Vector) : null,
        p.Dimensions is null ? null : JsonElement.Parse(p.Dimensions));
}
