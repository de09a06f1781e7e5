using ProfileService.Purposes;
using ProfileService.Storage;

namespace ProfileService.Privacy.Export;

/// <summary>All versions of the user's purposes.</summary>
internal sealed class PurposesSource(PurposeStore store) : IExportSource
{
    public async Task<IReadOnlyList<ExportSection>> OpenAsync(string userId, CancellationToken cancellationToken)
    {
        var versions = await store.FindAsync(userId, cancellationToken);
        return [ExportSection.Of("purposes", ["purposes"], [.. versions.Select(ExportedPurposes.From)])];
    }
}

/// <summary>A version of a user's purposes.</summary>
internal sealed record ExportedPurposes(
    string UserHash, int Version, bool Profile, bool Explain, bool Similar, bool Train, DateTime SetAt, bool IsLatest)
{
    public static ExportedPurposes From(PurposesRow p) =>
        new(p.UserHash, p.Version, p.Profile, p.Explain, p.Similar, p.Train, p.SetAt, p.IsLatest);
}
