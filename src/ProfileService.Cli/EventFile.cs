namespace ProfileService.Cli;

/// <summary>A file of events, read line by line.</summary>
/// <param name="Lines">Events as JSON, one a line; each with the number of its line in the file, from 1.</param>
/// <param name="Read">Bytes read so far, for progress.</param>
internal sealed record EventFile(IEnumerable<(long Number, string Json)> Lines, long Length, Func<long> Read)
{
    public const string Ndjson = "events";
    public const string MovieLens = "movielens-100k";

    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public static EventFile Open(string format, string path) => format == MovieLens
        ? Of(Path.Combine(path, "u.data"), MovieLensEvents.Reader(path))
        : Of(path, line => line);

    private static EventFile Of(string path, Func<string, string> toJson)
    {
        var stream = File.OpenRead(path);
        var length = stream.Length;
        return new EventFile(ReadLines(stream, toJson), length, () => stream.CanRead ? stream.Position : length);
    }

    private static IEnumerable<(long, string)> ReadLines(FileStream stream, Func<string, string> toJson)
    {
        using var reader = new StreamReader(stream);
        for (var number = 1L; reader.ReadLine() is { } line; number++)
        {
            if (!string.IsNullOrWhiteSpace(line))
                yield return (number, toJson(line));
        }
    }
}
