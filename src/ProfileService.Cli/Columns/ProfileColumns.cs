using System.Text.Json;
using ProfileService.Client;

namespace ProfileService.Cli.Columns;

/// <summary>Makes a file of columns of an export's lines. It reads a group of rows at a time, however many there are.</summary>
internal static class ProfileColumns
{
    public const string UserId = "user_id";
    public const string Pseudonym = "pseudonym";
    public const string Revision = "revision";
    public const string ComputedAt = "computed_at";
    public const string Vector = "vector";

    private const int RowsOfAGroup = 10_000;

    /// <summary>What a file says of all its rows.</summary>
    public static Dictionary<string, string> Metadata(ProfileExportState export) => new()
    {
        ["model"] = export.Model ?? "",
        ["dimension"] = $"{export.Dimension}",
        ["cursor"] = export.Cursor ?? "",
    };

    /// <summary>As Postgres keeps times, and as every reader knows them.</summary>
    public static long[] Microseconds(ExportedVector[] rows) =>
        [.. rows.Select(row => (row.ComputedAt.UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond)];

    /// <summary>The vectors, one after the other.</summary>
    /// <exception cref="CommandException">They differ in length.</exception>
    public static float[] Vectors(ExportedVector[] rows, int dimension)
    {
        var vectors = new float[rows.Length * dimension];
        for (var i = 0; i < rows.Length; i++)
        {
            if (rows[i].Vector.Length != dimension)
                throw new CommandException($"Vectors have {dimension} and {rows[i].Vector.Length} numbers. Begin anew in another folder.");
            rows[i].Vector.CopyTo(vectors.AsMemory(i * dimension));
        }

        return vectors;
    }

    /// <param name="lines">Of the format ndjson.</param>
    /// <param name="path">Is left only if it is whole.</param>
    public static async Task WriteAsync(
        ProfileFormat format, ProfileExportState export, string lines, string path, CancellationToken cancellationToken)
    {
        File.Delete(path); // what a former run left there may be readable by others
        try
        {
            await using var source = File.OpenRead(lines);
            await using var file = new FileStream(path, ExportFile.Options());
            var rows = JsonSerializer.DeserializeAsyncEnumerable<ExportedVector>(
                source, topLevelValues: true, JsonSerializerOptions.Web, cancellationToken);
            await format.WriteColumns!(file, export, rows.Select(row => row!).Chunk(RowsOfAGroup), cancellationToken);
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }
}
