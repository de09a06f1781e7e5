using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ProfileService.Storage;

namespace ProfileService.Privacy.Export;

/// <summary>The user's attributes, as they were put.</summary>
internal sealed class AttributesSource(IDbContextFactory<ProfileDbContext> contexts) : IExportSource
{
    public async Task<IReadOnlyList<ExportSection>> OpenAsync(string userId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var found = await db.Attributes.AsNoTracking().Where(a => a.UserId == userId).ToListAsync(cancellationToken);
        return [ExportSection.Of("attributes", ["attributes"], found.ConvertAll(a => new ExportedAttributes(a.ToValues(), a.UpdatedAt)))];
    }
}

/// <summary>All attributes of a user.</summary>
internal sealed record ExportedAttributes(IReadOnlyDictionary<string, JsonElement> Attributes, DateTime UpdatedAt);
