using ProfileService.Similar;

namespace ProfileService.Privacy.Export;

/// <summary>The user's rows in the index of similar users.</summary>
internal sealed class VectorsSource(PgvectorTable? vectors = null) : IExportSource
{
    public async Task<IReadOnlyList<ExportSection>> OpenAsync(string userId, CancellationToken cancellationToken)
    {
        var found = vectors is null ? [] : await vectors.FindOfUserAsync(userId, cancellationToken);
        return [ExportSection.Of("vectors", ["profile_vectors"], found)];
    }
}
