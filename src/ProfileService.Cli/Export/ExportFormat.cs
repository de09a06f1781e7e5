using ProfileService.Cli.Export.Columns;
using ProfileService.Client;

namespace ProfileService.Cli.Export;

/// <summary>A format of an export of profiles.</summary>
/// <param name="Files">What the folder has at the end, beside export.json.</param>
/// <param name="WriteColumns">
/// Writes a file of columns, of the groups of rows of a whole export. Null if the files are written as the profiles come.
/// </param>
internal sealed record ExportFormat(
    string Name,
    string[] Files,
    Func<Stream, ProfileExportState, IAsyncEnumerable<ExportedVector[]>, CancellationToken, Task>? WriteColumns = null)
{
    public static readonly ExportFormat Npy = new("npy", ["vectors.npy", "ids.txt", "pseudonyms.txt"]);
    public static readonly ExportFormat Ndjson = new("ndjson", ["profiles.ndjson"]);
    public static readonly ExportFormat Parquet = new("parquet", ["profiles.parquet"], ParquetProfiles.WriteAsync);
    public static readonly ExportFormat Arrow = new("arrow", ["profiles.arrow"], ArrowProfiles.WriteAsync);
    public static readonly ExportFormat[] All = [Npy, Ndjson, Parquet, Arrow];

    /// <summary>
    /// The format in which profiles are written as they come. The end of a file of columns says where its columns are, so that nothing
    /// can be added to one that was interrupted: it is made of lines, which can be gone on with.
    /// </summary>
    public ExportFormat PartFormat => WriteColumns is null ? this : Ndjson;
}
