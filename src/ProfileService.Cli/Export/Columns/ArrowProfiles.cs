using Apache.Arrow;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using ProfileService.Cli.Output;
using ProfileService.Client;

namespace ProfileService.Cli.Export.Columns;

/// <summary>Writes profiles as an Arrow IPC file (Feather version 2), which readers can map into memory.</summary>
internal static class ArrowProfiles
{
    private static readonly TimestampType Time = new(TimeUnit.Microsecond, "UTC");

    public static async Task WriteAsync(
        Stream file, ProfileExportState export, IAsyncEnumerable<ExportedVector[]> groups, CancellationToken cancellationToken)
    {
        var schema = SchemaOf(export);
        using var writer = new ArrowFileWriter(file, schema, leaveOpen: true);
        await foreach (var rows in groups.DefaultIfEmpty([]).WithCancellation(cancellationToken)) // the schema comes with the first
        {
            using var batch = new RecordBatch(schema, Columns(rows, schema, export.Dimension), rows.Length);
            await writer.WriteRecordBatchAsync(batch, cancellationToken);
        }

        await writer.WriteEndAsync(cancellationToken);
    }

    private static Schema SchemaOf(ProfileExportState export) => new(
        [
            new Field(ProfileColumns.UserId, StringType.Default, nullable: false),
            new Field(ProfileColumns.Pseudonym, StringType.Default, nullable: false),
            new Field(ProfileColumns.Revision, Int64Type.Default, nullable: false),
            new Field(ProfileColumns.ComputedAt, Time, nullable: false),
            new Field(
                ProfileColumns.Vector,
                new FixedSizeListType(new Field("item", FloatType.Default, nullable: false), Math.Max(export.Dimension, 1)), // 0 is refused
                nullable: false),
        ],
        ProfileColumns.Metadata(export));

    private static IArrowArray[] Columns(ExportedVector[] rows, Schema schema, int dimension)
    {
        var (revisions, times) = (rows.Select(row => row.Revision).ToArray(), ProfileColumns.Microseconds(rows));
        var vectors = ProfileColumns.Vectors(rows, dimension);
        var numbers = new FloatArray(Bytes(vectors), ArrowBuffer.Empty, vectors.Length, nullCount: 0, offset: 0);
        var list = schema.GetFieldByName(ProfileColumns.Vector).DataType;
        return
        [
            new StringArray.Builder().AppendRange(rows.Select(row => row.UserId)).Build(),
            new StringArray.Builder().AppendRange(rows.Select(row => row.Pseudonym)).Build(),
            new Int64Array(Bytes(revisions), ArrowBuffer.Empty, rows.Length, nullCount: 0, offset: 0),
            new TimestampArray(Time, Bytes(times), ArrowBuffer.Empty, rows.Length, nullCount: 0, offset: 0),
            new FixedSizeListArray(list, rows.Length, numbers, ArrowBuffer.Empty, nullCount: 0, offset: 0),
        ];
    }

    private static ArrowBuffer Bytes<T>(T[] values)
        where T : unmanaged => new(LittleEndian.Of<T>(values));
}
