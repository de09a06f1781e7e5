using System.Text;

namespace ProfileService.Cli.Export.Columns;

/// <summary>
/// Writes what Parquet's metadata needs of Thrift's compact protocol
/// (https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md).
/// </summary>
internal sealed class ThriftWriter
{
    private const int TrueType = 1;
    private const int IntType = 5;
    private const int LongType = 6;
    private const int TextType = 8;
    private const int ListType = 9;
    private const int StructType = 12;

    private readonly MemoryStream _bytes;
    private int _field; // the one before, of this struct

    private ThriftWriter(MemoryStream bytes) => _bytes = bytes;

    /// <summary>The bytes of a struct.</summary>
    /// <param name="fields">Writes them, in the order of their numbers.</param>
    public static byte[] Write(Action<ThriftWriter> fields)
    {
        using var bytes = new MemoryStream();
        new ThriftWriter(bytes).Fields(fields);
        return bytes.ToArray();
    }

    public void True(int field) => Head(field, TrueType);

    public void Int(int field, int value)
    {
        Head(field, IntType);
        Number(value);
    }

    public void Long(int field, long value)
    {
        Head(field, LongType);
        Number(value);
    }

    public void Text(int field, string value)
    {
        Head(field, TextType);
        Text(value);
    }

    public void Struct(int field, Action<ThriftWriter> fields)
    {
        Head(field, StructType);
        Fields(fields);
    }

    public void Ints(int field, params int[] values) => List(field, IntType, values, value => Number(value));

    public void Texts(int field, params string[] values) => List(field, TextType, values, Text);

    public void Structs<T>(int field, IReadOnlyList<T> items, Action<ThriftWriter, T> fields) =>
        List(field, StructType, items, item => Fields(writer => fields(writer, item)));

    /// <summary>7 bits a byte, the lowest first; the highest bit says that more follow.</summary>
    public static void Varint(Stream bytes, ulong value)
    {
        for (; value > 0x7F; value >>= 7)
            bytes.WriteByte((byte)(value | 0x80));
        bytes.WriteByte((byte)value);
    }

    private void Fields(Action<ThriftWriter> fields)
    {
        var outer = _field;
        _field = 0;
        fields(this);
        _bytes.WriteByte(0);
        _field = outer;
    }

    private void List<T>(int field, int type, IReadOnlyList<T> items, Action<T> write)
    {
        Head(field, ListType);
        const int longList = 15;
        _bytes.WriteByte((byte)((Math.Min(items.Count, longList) << 4) | type));
        if (items.Count >= longList)
            Varint(_bytes, (ulong)items.Count);
        foreach (var item in items)
            write(item);
    }

    private void Text(string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        Varint(_bytes, (ulong)bytes.Length);
        _bytes.Write(bytes);
    }

    /// <summary>Zigzag, so that small negative numbers are short, too.</summary>
    private void Number(long value) => Varint(_bytes, (ulong)((value << 1) ^ (value >> 63)));

    private void Head(int field, int type)
    {
        _bytes.WriteByte((byte)(((field - _field) << 4) | type)); // Parquet's numbers never leave out 15
        _field = field;
    }
}
