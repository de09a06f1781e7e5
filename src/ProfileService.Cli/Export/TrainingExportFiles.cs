using System.Text.Json;
using ProfileService.Cli.CommandLine;
using ProfileService.Cli.Output;

namespace ProfileService.Cli.Export;

/// <summary>
/// Divides a training export into the files that src/training takes: events, attributes, users to forget, and the number in the ledger.
/// They are written beside their places, and moved there when the export is whole.
/// </summary>
internal sealed class TrainingExportFiles : IDisposable
{
    public const string Attributes = "attributes";
    public const string Forgotten = "forgotten";

    private const string Events = "events";
    private const string Ledger = "ledger";

    private readonly Dictionary<string, OutputFile> _files;
    private readonly Dictionary<string, StreamWriter> _writers = [];
    private readonly string _path;
    private readonly HashSet<string> _users = new(StringComparer.Ordinal);
    private JsonElement _contents;
    private long _events;

    /// <param name="path">Path of the file of events; the others have its name with another ending.</param>
    /// <param name="others">Sections that get a file though they may have no lines.</param>
    /// <exception cref="CommandException">A file cannot be written there.</exception>
    public TrainingExportFiles(string path, IEnumerable<string> others)
    {
        _path = Path.GetFullPath(path);
        _files = others.Prepend(Events).Append(Ledger).ToDictionary(section => section, section => OutputFile.MovedTo(PathOf(section)));
        try
        {
            foreach (var (section, file) in _files)
                _writers[section] = file.OpenPart();
        }
        catch
        {
            Dispose(); // those that were opened
            throw;
        }
    }

    public async Task<TrainingExportCounts> WriteAsync(IAsyncEnumerable<JsonElement> lines)
    {
        await foreach (var line in lines)
            await WriteAsync(line);
        await _writers[Ledger].WriteLineAsync(LedgerText());
        foreach (var writer in _writers.Values)
            await writer.DisposeAsync();
        foreach (var file in _files.Values)
            file.MovePart();
        return new TrainingExportCounts(_users.Count, _events, [.. _files.Keys.Select(PathOf)]);
    }

    public void Dispose()
    {
        foreach (var writer in _writers.Values)
            writer.Dispose();
        foreach (var file in _files.Values)
            file.DeletePart();
    }

    private Task WriteAsync(JsonElement line)
    {
        if (!line.TryGetProperty("section", out var name))
        {
            _contents = line;
            return Task.CompletedTask;
        }

        return name.GetString() switch
        {
            Events => WriteEventAsync(line),
            Attributes => _writers[Attributes].WriteLineAsync(Without(line)),
            Forgotten => _writers[Forgotten].WriteLineAsync(line.GetProperty("userId").GetString()),
            _ => Task.CompletedTask,
        };
    }

    private Task WriteEventAsync(JsonElement line)
    {
        _events++;
        _users.Add(line.GetProperty("userId").GetString()!);
        return _writers[Events].WriteLineAsync(Without(line));
    }

    private string LedgerText() => JsonSerializer.Serialize(
        new
        {
            LedgerSequence = _contents.GetProperty("ledgerSequence").GetInt64(),
            ExportedAt = _contents.GetProperty("exportedAt").GetString(),
            Users = _users.Count,
            Events = _events,
        },
        JsonSerializerOptions.Web);

    private string PathOf(string section) => section switch
    {
        Events => _path,
        Attributes => With(".attributes.ndjson"),
        Ledger => With(".ledger.json"),
        _ => With(".forget.txt"),
    };

    private string With(string ending) => Path.Combine(Path.GetDirectoryName(_path)!, Path.GetFileNameWithoutExtension(_path) + ending);

    private static string Without(JsonElement line) => JsonSerializer.Serialize(
        line.EnumerateObject().Where(member => member.Name != "section").ToDictionary(member => member.Name, member => member.Value));
}

/// <summary>What a training export had.</summary>
internal sealed record TrainingExportCounts(int Users, long Events, IReadOnlyList<string> Files);
