using System.Globalization;
using System.Text;
using System.Text.Json;
using ProfileService.Cli.CommandLine;
using ProfileService.Cli.Export.Columns;
using ProfileService.Cli.Output;
using ProfileService.Client;

namespace ProfileService.Cli.Export;

/// <summary>
/// The files of an export of profiles. They are written beside their places, with how far they are, and moved there when the export is
/// whole. What was written after the last state that was kept is cut off. Files of columns are made at the end, of lines.
/// </summary>
internal sealed class ProfileExportFiles : IDisposable
{
    private const string ManifestName = "export.json";
    private const int HeaderBytes = 128; // of an npy file: the number of rows is written into it at the end

    private readonly DirectoryInfo _folder;
    private readonly ExportFormat _format;
    private readonly bool _isNpy;
    private readonly string[] _names;
    private readonly OutputFile[] _targets; // of the format's files, and at last of what is said of them
    private readonly FileStream _lock;
    private readonly FileStream[] _files;

    private ProfileExportFiles(DirectoryInfo folder, ExportFormat format, string service)
    {
        (_folder, _format, _isNpy) = (folder, format, format == ExportFormat.Npy);
        _names = format.PartFormat.Files;
        _targets = [.. format.Files.Append(ManifestName).Select(name => OutputFile.MovedTo(PathOf(name)))];
        _lock = Lock();
        try
        {
            State = ReadState(service);
            _files = [.. _names.Select((name, i) => OpenPart(name, State.Lengths?[i] ?? 0))];
        }
        catch
        {
            _lock.Dispose();
            throw;
        }
    }

    public ProfileExportState State { get; private set; }

    /// <summary>Whether all profiles are in the files.</summary>
    public bool AreWhole => State is { Cursor: not null, After: null };

    private string StatePath => StateOf(_format);

    /// <exception cref="CommandException">Another export writes there, or one of another service was begun there.</exception>
    public static ProfileExportFiles Open(DirectoryInfo folder, ExportFormat format, Uri service) =>
        new(folder, format, service.ToString());

    /// <summary>Adds a page, and keeps how far the export is.</summary>
    /// <exception cref="CommandException">The page is by another model than those before.</exception>
    public void Add(ExportedProfiles page)
    {
        if (!IsByTheSameModel(page))
        {
            var (before, now) = (StampOf(State.Model, State.Digest), StampOf(page.Model, page.Digest));
            throw new CommandException($"The active model has changed from {before} to {now}. Delete {StatePath}, and begin anew.");
        }

        var dimension = page.Profiles.Count > 0 ? page.Profiles[0].Vector.Length : page.Dimension ?? State.Dimension;
        if (_isNpy)
            AddRows(page.Profiles, dimension);
        else
            AddLines(page.Profiles);
        Array.ForEach(_files, file => file.Flush());
        State = new(
            State.Service,
            State.Cursor ?? page.Cursor,
            page.Model,
            dimension,
            State.Profiles + page.Profiles.Count,
            page.Next,
            [.. _files.Select(file => file.Length)],
            Digest: State.Digest ?? page.Digest);
        State.Write(StatePath);
    }

    /// <summary>Moves the files to their places, and deletes what exports in other formats that were interrupted left there.</summary>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        if (_isNpy)
        {
            _files[0].Position = 0;
            _files[0].Write(Header(State.Profiles, State.Dimension));
        }

        Array.ForEach(_files, file => file.Dispose());
        if (_format.WriteColumns is not null)
            await ProfileColumns.WriteAsync(_format, State, PartOf(_names[0]), PartOf(_format.Files[0]), cancellationToken);
        File.Delete(_targets[^1].Place); // first: what it says is of the files that are replaced
        File.Delete(StatePath); // before its files are moved: without them it must not be gone on with
        foreach (var (name, target) in _format.Files.Zip(_targets))
            File.Move(PartOf(name), target.Place, overwrite: true);
        DeleteParts();
        var lengths = _targets[..^1].Select(file => new FileInfo(file.Place).Length);
        (State with { Files = _format.Files, Lengths = [.. lengths] }).Write(_targets[^1].Place);
    }

    public void Dispose()
    {
        Array.ForEach(_files, file => file.Dispose());
        _lock.Dispose();
    }

    // A digest is unknown if an earlier version of the command or of the service began the export.
    private bool IsByTheSameModel(ExportedProfiles page) =>
        State.Model is null || (State.Model == page.Model && (State.Digest ?? page.Digest) == (page.Digest ?? State.Digest));

    private static string? StampOf(string? model, string? digest) => digest is null ? model : $"{model}@{digest}";

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private string PartOf(string name) => PathOf($"{name}.part");

    private string StateOf(ExportFormat format) => PathOf($"{format.PartFormat.Name}.part.json");

    private void DeleteParts()
    {
        foreach (var format in ExportFormat.All)
        {
            Array.ForEach(format.Files, name => File.Delete(PartOf(name)));
            File.Delete(StateOf(format));
        }
    }

    private FileStream Lock()
    {
        try
        {
            return new FileStream(
                PathOf("export.lock"), FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
        }
        catch (IOException e)
        {
            throw new CommandException($"Another export writes into {_folder.FullName}. Wait for its end, or name another folder.", e);
        }
    }

    /// <summary>How far the export is that was begun here; a new one if there is none, or if its files are not all there.</summary>
    private ProfileExportState ReadState(string service)
    {
        var state = ProfileExportState.Read(StatePath);
        if (state.Lengths?.Length != _names.Length || !_names.Zip(state.Lengths).All(file => IsThere(file.First, file.Second)))
            return new(service);
        return state.Service == service ? state : throw new CommandException(
            $"An export of {state.Service} was begun in {_folder.FullName}. Delete {StatePath} to begin anew, or name another folder.");
    }

    private bool IsThere(string name, long length) => new FileInfo(PartOf(name)) is { Exists: true } part && part.Length >= length;

    private FileStream OpenPart(string name, long length)
    {
        if (length == 0)
            File.Delete(PartOf(name)); // what a former run left there may be readable by others
        var options = OutputFile.Options();
        options.Mode = FileMode.OpenOrCreate;
        options.BufferSize = 1 << 20;
        var file = new FileStream(PartOf(name), options);
        file.SetLength(length);
        file.Position = length;
        return file;
    }

    private void AddRows(IReadOnlyList<ExportedVector> profiles, int dimension)
    {
        if (_files[0].Length == 0)
            _files[0].Write(Header(0, dimension));
        foreach (var profile in profiles)
        {
            _files[0].Write(LittleEndian.Of(profile.Vector.Span));
            _files[1].Write(Encoding.UTF8.GetBytes(profile.UserId + '\n')); // an id has no control characters
            _files[2].Write(Encoding.UTF8.GetBytes(profile.Pseudonym + '\n'));
        }
    }

    private void AddLines(IReadOnlyList<ExportedVector> profiles)
    {
        foreach (var profile in profiles)
        {
            _files[0].Write(JsonSerializer.SerializeToUtf8Bytes(profile, JsonSerializerOptions.Web));
            _files[0].WriteByte((byte)'\n');
        }
    }

    // https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html, version 1.0
    private static byte[] Header(long rows, int dimension)
    {
        var text = string.Create(
            CultureInfo.InvariantCulture, $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({rows}, {dimension}), }}");
        const int prefix = 10;
        return
        [
            0x93, .. "NUMPY"u8, 1, 0, HeaderBytes - prefix, 0, .. Encoding.ASCII.GetBytes(text.PadRight(HeaderBytes - prefix - 1) + '\n'),
        ];
    }
}
