namespace ProfileService.Cli;

/// <summary>A file of events, read line by line.</summary>
/// <param name="Lines">Events as JSON, each with the number of its line in the file, from 1; of a line there may be several, or none.</param>
/// <param name="Read">Bytes read so far, for progress.</param>
internal sealed record EventFile(IEnumerable<(long Number, string Json)> Lines, long Length, Func<long> Read)
{
    public const string Ndjson = "events";
    public const string MovieLens = "movielens-100k";
    public const string Sequences = "sequences";

    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    /// <exception cref="InvalidDataException">There is no such format.</exception>
    public static EventFile Open(string format, string path) => format switch
    {
        Ndjson => Of(path, line => [line]),
        MovieLens => Of(Path.Combine(path, "u.data"), MovieLensEvents.Reader(path)),
        Sequences => Of(path, SequenceEvents.Reader()),
        _ => throw new InvalidDataException($"The format '{format}' is none of {Ndjson}, {MovieLens}, {Sequences}. CSV and others are turned into events first, by src/training/prepare.py."),
    };

    private static EventFile Of(string path, Func<string, IEnumerable<string>> toJson)
    {
        var stream = File.OpenRead(path);
        var length = stream.Length;
        return new EventFile(ReadLines(stream, toJson), length, () => stream.CanRead ? stream.Position : length);
    }

    private static IEnumerable<(long, string)> ReadLines(FileStream stream, Func<string, IEnumerable<string>> toJson)
    {
        using var reader = new StreamReader(stream);
        for (var number = 1L; reader.ReadLine() is { } line; number++)
        {
            if (string.IsNullOrWhiteSpace(line))
                continue;
            foreach (var json in toJson(line))
                yield return (number, json);
        }
    }
}
