using System.Text;
using ProfileService.Cli.CommandLine;

namespace ProfileService.Cli.Output;

/// <summary>
/// A file that a command writes, readable by its owner alone. It is written beside its place, and moved there when it is whole, so that no
/// half of one looks like it. If the path is a link, its target is replaced. A device or a pipe stays what it is, and is written into.
/// </summary>
internal sealed class OutputFile
{
    private static readonly string[] StandardOutput = ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"];

    private readonly string _path;

    private OutputFile(string path) => (_path, Place, IsStream) = (path, RealPath.Of(path), FileKind.IsStream(path));

    /// <summary>Where the file is, which links may point at.</summary>
    public string Place { get; }

    /// <summary>Whether it is a device or a pipe, which nothing can take the place of.</summary>
    public bool IsStream { get; }

    private string Part => $"{Place}.part";

    /// <summary>A command that writes at its end calls this before the work, so that it says at once what prevents it.</summary>
    /// <exception cref="CommandException">No file can be written there.</exception>
    public static OutputFile At(string path)
    {
        if (Directory.Exists(path))
            throw new CommandException($"{Path.GetFullPath(path)} is a folder. Name a file in it.");
        if (Path.EndsInDirectorySeparator(path))
            throw new CommandException($"There is no folder {path}. Make it, and name a file in it.");
        var file = new OutputFile(path);
        if (!file.IsStream && Path.GetDirectoryName(file.Place) is { } folder && !Directory.Exists(folder))
            throw new CommandException($"There is no folder {folder}. Make it, or name another file.");
        return file;
    }

    /// <summary>As <see cref="At"/>, for what must be moved to its place, such as one file of several.</summary>
    /// <exception cref="CommandException">No file can be written there, or a device or a pipe is there.</exception>
    public static OutputFile MovedTo(string path) => At(path) is { IsStream: false } file ? file : throw new CommandException(
        $"{path} is a device or a pipe. What is written there has several files side by side: name another place.");

    public async Task WriteAsync(Func<TextWriter, Task> write)
    {
        if (IsStream)
        {
            await WriteIntoAsync(write);
            return;
        }

        try
        {
            await using (var writer = OpenPart())
                await write(writer);
            MovePart();
        }
        finally
        {
            DeletePart();
        }
    }

    /// <summary>Opens the file beside the place.</summary>
    public StreamWriter OpenPart()
    {
        DeletePart(); // what a former run left there may be readable by others
        return new StreamWriter(Part, new UTF8Encoding(), Options());
    }

    public void MovePart() => File.Move(Part, Place, overwrite: true);

    public void DeletePart() => File.Delete(Part);

    /// <summary>For a new file that its owner alone reads.</summary>
    public static FileStreamOptions Options()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }

    private async Task WriteIntoAsync(Func<TextWriter, Task> write)
    {
        if (StandardOutput.Contains(_path))
        {
            await write(Console.Out);
            return;
        }

        await using var stream = new FileStream(_path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        await using var writer = new StreamWriter(stream, new UTF8Encoding());
        await write(writer);
    }
}
