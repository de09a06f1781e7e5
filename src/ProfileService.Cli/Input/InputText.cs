using System.IO.Pipelines;
using System.Text;
using ProfileService.Cli.CommandLine;

namespace ProfileService.Cli.Input;

/// <summary>Text input: a file, a pipe or, as <c>-</c>, standard input. Gzip is recognised by its first bytes.</summary>
internal sealed class InputText : IDisposable
{
    private const string StandardInput = "-";
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static bool _isStandardInputTaken;

    private readonly Stream _stream;

    private InputText(string name, Stream stream) => (Name, _stream) = (name, stream);

    /// <summary>Name for messages.</summary>
    public string Name { get; }

    /// <summary>Size in bytes before decompression; null if it is unknown.</summary>
    public long? Length => _stream.CanSeek ? _stream.Length : null;

    /// <summary>Bytes read so far, before decompression, for the progress bar.</summary>
    public long Read => _stream is { CanSeek: true, CanRead: true } ? _stream.Position : Length ?? 0;

    public static string NameOf(string path) => path == StandardInput ? "standard input" : path;

    /// <exception cref="CommandException">The input cannot be opened; the message gives the reason.</exception>
    public static InputText Open(string path)
    {
        if (path == StandardInput)
        {
            if (ProcessInput.IsClosed)
                throw new CommandException("Standard input is closed.");
            return Interlocked.Exchange(ref _isStandardInputTaken, true)
                ? throw new CommandException("Standard input can be read once, and - names it twice. Name a file instead of one of them.")
                : new InputText(NameOf(path), Console.OpenStandardInput());
        }

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

    /// <summary>Opens a reader for UTF-8, or for the encoding of a byte order mark.</summary>
    public TextReader OpenReader(Encoding? encoding = null)
    {
        var pipe = PipeReader.Create(_stream);
        var head = pipe.ReadAtLeastAsync(Gzip.Magic.Length).AsTask().GetAwaiter().GetResult().Buffer;
        var isCompressed = Gzip.Begins(head);
        pipe.AdvanceTo(head.Start);
        return new StreamReader(isCompressed ? new Gzip(pipe.AsStream()) : pipe.AsStream(), encoding ?? Strict);
    }

    public void Dispose() => _stream.Dispose();
}
