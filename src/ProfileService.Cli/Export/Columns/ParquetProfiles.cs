using System.Buffers.Binary;
using ProfileService.Client;

namespace ProfileService.Cli.Export.Columns;

/// <summary>
/// Writes profiles as a Parquet file (https://parquet.apache.org/docs/file-format). Its lists have no fixed length; each vector has
/// <c>dimension</c> numbers. No library writes it: the bounds that Parquet.Net 6.1.0 writes of times in microseconds and of some texts
/// are wrong, so that readers that filter by them leave out rows, and ParquetSharp brings 27 MB of native code.
/// </summary>
internal static class ParquetProfiles
{
    private static readonly byte[] Magic = [.. "PAR1"u8];

    public static async Task WriteAsync(
        Stream file, ProfileExportState export, IAsyncEnumerable<ExportedVector[]> groups, CancellationToken cancellationToken)
    {
        var footer = new ParquetFooter(export);
        await file.WriteAsync(Magic, cancellationToken);
        await foreach (var rows in groups.WithCancellation(cancellationToken))
            footer.Add(await WriteAsync(file, rows, export.Dimension, cancellationToken));
        var (end, length) = (footer.Write(), new byte[sizeof(int)]);
        BinaryPrimitives.WriteInt32LittleEndian(length, end.Length);
        await file.WriteAsync((byte[])[.. end, .. length, .. Magic], cancellationToken);
    }

    private static async Task<ParquetGroup> WriteAsync(
        Stream file, ExportedVector[] rows, int dimension, CancellationToken cancellationToken)
    {
        var chunks = new List<ParquetChunk>();
        foreach (var page in Pages(rows, dimension))
        {
            var (begin, head) = (file.Position, page.Head());
            await file.WriteAsync(head, cancellationToken);
            await file.WriteAsync(page.Content, cancellationToken);
            chunks.Add(new(begin, file.Position - begin, page.Count));
        }

        return new(rows.Length, [.. chunks]);
    }

    /// <summary>One for each column, in their order, made as it is written.</summary>
    private static IEnumerable<ParquetPage> Pages(ExportedVector[] rows, int dimension)
    {
        yield return ParquetPage.OfTexts([.. rows.Select(row => row.UserId)]);
        yield return ParquetPage.OfTexts([.. rows.Select(row => row.Pseudonym)]);
        yield return ParquetPage.OfNumbers([.. rows.Select(row => row.Revision)]);
        yield return ParquetPage.OfNumbers(ProfileColumns.Microseconds(rows));
        yield return ParquetPage.OfVectors(ProfileColumns.Vectors(rows, dimension), dimension);
    }
}
