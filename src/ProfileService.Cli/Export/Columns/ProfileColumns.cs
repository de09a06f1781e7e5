using System.Text.Json;
using ProfileService.Cli.CommandLine;
using ProfileService.Cli.Output;
using ProfileService.Client;

namespace ProfileService.Cli.Export.Columns;

/// <summary>Converts the lines of an export to a columnar file, in groups of rows, so that memory stays bounded.</summary>
internal static class ProfileColumns
{
    public const string UserId = "user_id";
    public const string Pseudonym = "pseudonym";
    public const string Revision = "revision";
    public const string ComputedAt = "computed_at";
    public const string Vector = "vector";

    private const int RowsPerGroup = 10_000;

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

    /// <summary>Converts a file of lines. A file that is not finished is deleted.</summary>
    /// <param name="source">Path of an ndjson file.</param>
    /// <param name="target">Path of the columnar file.</param>
    public static async Task WriteAsync(
        ExportFormat format, ProfileExportState export, string source, string target, CancellationToken cancellationToken)
    {
        File.Delete(target); // what a former run left there may be readable by others
        try
        {
            await using var lines = File.OpenRead(source);
            await using var file = new FileStream(target, OutputFile.Options());
            var rows = JsonSerializer.DeserializeAsyncEnumerable<ExportedVector>(
                lines, topLevelValues: true, JsonSerializerOptions.Web, cancellationToken);
            await format.WriteColumns!(file, export, rows.Select(row => row!).Chunk(RowsPerGroup), cancellationToken);
        }
        catch
        {
            File.Delete(target);
            throw;
        }
    }
}
