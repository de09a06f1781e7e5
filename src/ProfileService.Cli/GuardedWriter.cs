using System.Text;

namespace ProfileService.Cli;

/// <summary>A standard stream that may be closed or full.</summary>
/// <param name="mustArrive">Whether text that cannot be written is a failure; otherwise it is dropped.</param>
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

/// <summary>Standard output took no more; what was asked for may be done, but cannot be told.</summary>
internal sealed class OutputException(string message, Exception inner) : Exception(message, inner);
