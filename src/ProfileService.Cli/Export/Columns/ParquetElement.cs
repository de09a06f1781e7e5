namespace ProfileService.Cli.Export.Columns;

/// <summary>An element of a Parquet file's schema.</summary>
/// <param name="Type">How values are written; null for a group.</param>
/// <param name="Repetition">0: required, 2: repeated.</param>
/// <param name="Converted">What the values mean, as old readers know it.</param>
/// <param name="Logical">The same, as new readers know it.</param>
internal sealed record ParquetElement(
    string Name, int? Type = null, int Repetition = 0, int? Children = null, int? Converted = null, Action<ThriftWriter>? Logical = null)
{
    // Field ids of SchemaElement in parquet.thrift.
    public void Write(ThriftWriter element)
    {
        if (Type is { } type)
            element.Int(1, type);
        element.Int(3, Repetition);
        element.Text(4, Name);
        if (Children is { } children)
            element.Int(5, children);
        if (Converted is { } converted)
            element.Int(6, converted);
        if (Logical is not null)
            element.Struct(10, Logical);
    }
}
