namespace ProfileService.Cli.Export.Columns;

/// <summary>
/// The end of a Parquet file, which says what the columns are and where
/// (https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift). Types are said in both ways, for old readers
/// and new ones.
/// </summary>
internal sealed class ParquetFooter(ProfileExportState export)
{
    public const int Plain = 0;
    public const int Rle = 3;

    private const int Int64 = 2;
    private const int Float = 4;
    private const int Bytes = 6;
    private const int Repeated = 2;

    private static readonly ParquetElement[] Elements =
    [
        new("schema", Children: 5),
        new(ProfileColumns.UserId, Bytes, Converted: 0, Logical: type => type.Struct(1, _ => { })), // text
        new(ProfileColumns.Pseudonym, Bytes, Converted: 0, Logical: type => type.Struct(1, _ => { })),
        new(ProfileColumns.Revision, Int64),
        new(ProfileColumns.ComputedAt, Int64, Converted: 10, Logical: type => type.Struct(8, time =>
        {
            time.True(1); // UTC
            time.Struct(2, unit => unit.Struct(2, _ => { })); // microseconds
        })),
        new(ProfileColumns.Vector, Children: 1, Converted: 3, Logical: type => type.Struct(3, _ => { })), // a list
        new("list", Repetition: Repeated, Children: 1),
        new("element", Float),
    ];

    private static readonly (int Type, string[] Path)[] Columns =
    [
        (Bytes, [ProfileColumns.UserId]),
        (Bytes, [ProfileColumns.Pseudonym]),
        (Int64, [ProfileColumns.Revision]),
        (Int64, [ProfileColumns.ComputedAt]),
        (Float, [ProfileColumns.Vector, "list", "element"]),
    ];

    private readonly List<ParquetGroup> _groups = [];

    public void Add(ParquetGroup group) => _groups.Add(group);

    public byte[] Write() => ThriftWriter.Write(file =>
    {
        file.Int(1, 2); // version
        file.Structs(2, Elements, (element, one) => one.Write(element));
        file.Long(3, _groups.Sum(group => (long)group.Rows));
        file.Structs(4, _groups, Write);
        file.Structs(5, [.. ProfileColumns.Metadata(export)], (entry, one) =>
        {
            entry.Text(1, one.Key);
            entry.Text(2, one.Value);
        });
        file.Text(6, "ProfileService");
    });

    private static void Write(ThriftWriter group, ParquetGroup one)
    {
        group.Structs(1, [.. Columns.Zip(one.Chunks)], (chunk, column) =>
        {
            chunk.Long(2, column.Second.Offset);
            chunk.Struct(3, what => Write(what, column.First.Type, column.First.Path, column.Second));
        });
        group.Long(2, one.Chunks.Sum(chunk => chunk.Length));
        group.Long(3, one.Rows);
    }

    private static void Write(ThriftWriter column, int type, string[] path, ParquetChunk chunk)
    {
        column.Int(1, type);
        column.Ints(2, Plain, Rle);
        column.Texts(3, path);
        column.Int(4, 0); // not compressed
        column.Long(5, chunk.Values);
        column.Long(6, chunk.Length);
        column.Long(7, chunk.Length);
        column.Long(9, chunk.Offset);
    }
}

/// <summary>A group of rows.</summary>
internal sealed record ParquetGroup(int Rows, ParquetChunk[] Chunks);

/// <summary>Where a group's values of a column are.</summary>
internal sealed record ParquetChunk(long Offset, long Length, int Values);
