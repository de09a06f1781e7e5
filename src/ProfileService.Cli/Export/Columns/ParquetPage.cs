using System.Buffers.Binary;
using System.Text;
using ProfileService.Cli.Output;

namespace ProfileService.Cli.Export.Columns;

/// <summary>
/// The values of a column of a group of rows, in Parquet's plain encoding (https://parquet.apache.org/docs/file-format/data-pages).
/// They are not compressed: vectors, nearly all of the bytes, do not get smaller.
/// </summary>
/// <param name="Count">Number of values; of vectors, of their numbers.</param>
internal sealed record ParquetPage(byte[] Content, int Count)
{
    public static ParquetPage OfTexts(IReadOnlyCollection<string> texts)
    {
        using var content = new MemoryStream();
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (var text in texts)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
            content.Write(length);
            content.Write(bytes);
        }

        return new(content.ToArray(), texts.Count);
    }

    public static ParquetPage OfNumbers(long[] numbers) => new(LittleEndian.Of<long>(numbers), numbers.Length);

    public static ParquetPage OfVectors(float[] numbers, int dimension) => new(
        [.. Begins(numbers.Length, dimension), .. AllThere(numbers.Length), .. LittleEndian.Of<float>(numbers)], numbers.Length);

    /// <summary>The page's header.</summary>
    public byte[] Head() => ThriftWriter.Write(page =>
    {
        page.Int(1, 0); // a data page
        page.Int(2, Content.Length);
        page.Int(3, Content.Length);
        page.Struct(5, data =>
        {
            data.Int(1, Count);
            data.Int(2, ParquetFooter.Plain);
            data.Int(3, ParquetFooter.Rle); // of the definition levels
            data.Int(4, ParquetFooter.Rle); // of the repetition levels
        });
    });

    /// <summary>The repetition levels, a bit each: 0 where a vector begins, else 1.</summary>
    private static byte[] Begins(int numbers, int dimension)
    {
        var bits = new byte[(numbers + 7) / 8];
        Array.Fill(bits, byte.MaxValue);
        for (var i = 0; i < numbers; i += dimension)
            bits[i / 8] &= (byte)~(1 << (i % 8));
        return Levels(((ulong)bits.Length << 1) | 1, bits); // a bit-packed run: the number of groups of 8, and 1
    }

    /// <summary>The definition levels: 1 each, as one run.</summary>
    private static byte[] AllThere(int numbers) => Levels((ulong)numbers << 1, [1]);

    private static byte[] Levels(ulong head, byte[] levels)
    {
        using var run = new MemoryStream();
        ThriftWriter.Varint(run, head);
        run.Write(levels);
        var length = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, (int)run.Length);
        return [.. length, .. run.ToArray()];
    }
}
