using ProfileService.Cli.CommandLine;
using ProfileService.Cli.Input;

namespace ProfileService.Cli.Data;

/// <summary>A file of events, read record by record.</summary>
/// <param name="Name">Name for messages.</param>
/// <param name="Lines">Events as JSON, each with the number of its line, from 1. A line may contain several events or none.</param>
/// <param name="Length">Size of the file in bytes; null if it is unknown, as for a pipe.</param>
/// <param name="Read">Bytes read so far, for the progress bar.</param>
internal sealed record EventFile(string Name, IEnumerable<(long Number, string Json)> Lines, long? Length, Func<long> Read)
{
    public const string Ndjson = "events";
    public const string MovieLens = "movielens-100k";
    public const string Sequences = "sequences";

    /// <exception cref="CommandException">The file cannot be opened.</exception>
    /// <exception cref="InvalidDataException">There is no such format.</exception>
    public static EventFile Open(string format, string path) => format switch
    {
        Ndjson => Of(path, text => text.LinesOrElements()),
        MovieLens => Of(InDataSet(path, "u.data"), MovieLensEvents.Converter(path)),
        Sequences => Of(path, SequenceEvents.Reader(InputText.NameOf(path))),
        _ => throw new InvalidDataException(
            $"The format '{format}' is none of {Ndjson}, {MovieLens}, {Sequences}. "
            + "Convert CSV and other formats to events with src/training/prepare.py."),
    };

    private static EventFile Of(string path, Func<string, IEnumerable<string>> toJson) =>
        Of(path, text => text.Lines().SelectMany(line => toJson(line.Text).Select(json => (line.Number, json))));

    private static EventFile Of(string path, Func<TextRecords, IEnumerable<(long, string)>> read)
    {
        var input = InputText.Open(path);
        return new EventFile(input.Name, Read(input, read), input.Length, () => input.Read);

        static IEnumerable<(long, string)> Read(InputText input, Func<TextRecords, IEnumerable<(long, string)>> read)
        {
            using (input)
            {
                using var text = input.OpenReader();
                foreach (var line in read(new TextRecords(text, input.Name)))
                    yield return line;
            }
        }
    }

    private static string InDataSet(string directory, string file) => Directory.Exists(directory)
        ? Path.Combine(directory, file)
        : throw new CommandException($"There is no folder {directory}; for {MovieLens}, name the folder of the data set.");
}
