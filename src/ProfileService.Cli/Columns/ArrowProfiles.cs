using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using ProfileService.Client;

namespace ProfileService.Cli.Columns;

/// <summary>Writes profiles as an Arrow IPC file, which is Feather's version 2: as it lies in memory, so that readers can map it.</summary>
internal static class ArrowProfiles
{
    public static async Task WriteAsync(
        Stream file, ProfileExportState export, IAsyncEnumerable<ExportedVector[]> groups, CancellationToken cancellationToken)
    {
        var schema = SchemaOf(export);
        using var writer = new ArrowFileWriter(file, schema, leaveOpen: true);
        await writer.WriteStartAsync(cancellationToken);
        await foreach (var rows in groups.WithCancellation(cancellationToken))
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
            new Field(ProfileColumns.ComputedAt, new TimestampType(TimeUnit.Microsecond, "UTC"), nullable: false),
            new Field(
                ProfileColumns.Vector,
                new FixedSizeListType(new Field("item", FloatType.Default, nullable: false), Math.Max(export.Dimension, 1)), // 0 is refused
                nullable: false),
        ],
        ProfileColumns.Metadata(export));

    private static IArrowArray[] Columns(ExportedVector[] rows, Schema schema, int dimension)
    {
        var (times, vectors) = (ProfileColumns.Microseconds(rows), ProfileColumns.Vectors(rows, dimension));
        var numbers = new FloatArray(Bytes(vectors), ArrowBuffer.Empty, vectors.Length, nullCount: 0, offset: 0);
        return
        [
            new StringArray.Builder().AppendRange(rows.Select(row => row.UserId)).Build(),
            new StringArray.Builder().AppendRange(rows.Select(row => row.Pseudonym)).Build(),
            new Int64Array(Bytes(rows.Select(row => row.Revision).ToArray()), ArrowBuffer.Empty, rows.Length, nullCount: 0, offset: 0),
            new TimestampArray(
                schema.GetFieldByName(ProfileColumns.ComputedAt).DataType as TimestampType, Bytes(times), ArrowBuffer.Empty, rows.Length, 0, 0),
            new FixedSizeListArray(
                schema.GetFieldByName(ProfileColumns.Vector).DataType, rows.Length, numbers, ArrowBuffer.Empty, nullCount: 0, offset: 0),
        ];
    }

    private static ArrowBuffer Bytes<T>(T[] values)
        where T : struct => new(MemoryMarshal.AsBytes(values.AsSpan()).ToArray());
}
