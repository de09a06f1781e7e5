using System.IO.Pipelines;
using System.Text;

namespace ProfileService.Cli.Input;

/// <summary>Text to read: a file, a pipe or, as <c>-</c>, standard input. It may be packed by gzip, which its first bytes tell.</summary>
internal sealed class InputText : IDisposable
{
    private const string StandardInput = "-";
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly Stream _stream;

    private InputText(string name, Stream stream) => (Name, _stream) = (name, stream);

    /// <summary>For people.</summary>
    public string Name { get; }

    /// <summary>Bytes as stored; null if they cannot be known beforehand.</summary>
    public long? Length => _stream.CanSeek ? _stream.Length : null;

    /// <summary>Bytes read so far, for progress.</summary>
    public long Read => _stream is { CanSeek: true, CanRead: true } ? _stream.Position : Length ?? 0;

    /// <exception cref="CommandException">It cannot be opened; the message says why.</exception>
    public static InputText Open(string path)
    {
        if (path == StandardInput)
            return ClosedInput.Is ? throw new CommandException("Standard input is closed.") : new InputText("standard input", Console.OpenStandardInput());
        if (Directory.Exists(path))
            throw new CommandException($"{path} is a folder. Name a file in it.");
        try
        {
            return new InputText(path, File.OpenRead(path));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CommandException($"There is no file {path}.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"{path} cannot be opened: {e.Message}", e);
        }
    }

    /// <summary>UTF-8, or what a byte order mark says.</summary>
    public TextReader OpenReader(Encoding? encoding = null)
    {
        var pipe = PipeReader.Create(_stream);
        var head = pipe.ReadAtLeastAsync(Gzip.Mark.Length).AsTask().GetAwaiter().GetResult().Buffer;
        var isPacked = Gzip.Begins(head);
        pipe.AdvanceTo(head.Start);
        return new StreamReader(isPacked ? Gzip.Open(pipe.AsStream()) : pipe.AsStream(), encoding ?? Strict);
    }

    public void Dispose() => _stream.Dispose();
}
