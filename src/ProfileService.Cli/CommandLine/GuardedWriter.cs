using System.Text;

namespace ProfileService.Cli.CommandLine;

/// <summary>Writes to a standard stream that may be closed, or whose disk may be full.</summary>
/// <param name="mustArrive">Whether a failed write throws an exception; otherwise the text is dropped.</param>
internal sealed class GuardedWriter(TextWriter inner, bool mustArrive) : TextWriter
{
    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => Try(() => inner.Write(value));

    public override void Write(string? value) => Try(() => inner.Write(value));

    public override void Write(char[] buffer, int index, int count) => Try(() => inner.Write(buffer, index, count));

    public override void Flush() => Try(inner.Flush);

    private void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (mustArrive)
                throw new OutputException($"The output cannot be written: {(e.InnerException ?? e).Message.TrimEnd('.')}.", e);
        }
    }
}

/// <summary>Standard output cannot be written. The command may have done its work, but cannot report it.</summary>
internal sealed class OutputException(string message, Exception inner) : Exception(message, inner);
