using System.Buffers;
using System.IO.Pipelines;

namespace ProfileService.Intake;

/// <summary>
/// Reads from the body of a request, so that what a client did wrong is never taken for the failure of a store, which is an
/// <see cref="IOException"/> as well.
/// </summary>
internal static class RequestBody
{
    /// <summary>Waits until something has arrived, and reads it.</summary>
    /// <exception cref="BadHttpRequestException">The body is not framed as HTTP asks, or its connection broke off.</exception>
    /// <exception cref="OperationCanceledException">The reading was cancelled; nothing is lost, and the body can be read on.</exception>
    public static async ValueTask<ReadResult> ReadAsync(PipeReader body, CancellationToken cancellationToken)
    {
        // A read that is cancelled by its token stays open, and the server, which reads the rest of a body over, logs that as a failure.
        using var cancelling = cancellationToken.UnsafeRegister(static reader => ((PipeReader)reader!).CancelPendingRead(), body);
        while (true)
        {
            ReadResult read;
            try
            {
                read = await body.ReadAsync(CancellationToken.None);
            }
            catch (IOException e) when (e is not BadHttpRequestException)
            {
                throw Broken(e);
            }

            if (!read.IsCanceled)
                return read;
            body.AdvanceTo(read.Buffer.Start);
            cancellationToken.ThrowIfCancellationRequested(); // the server, too, wakes its readers: when it stops
        }
    }

    /// <summary>Reads all of a body, whose size the server limits.</summary>
    /// <exception cref="BadHttpRequestException">
    /// The body is not framed as HTTP asks, is too large, or its connection broke off.
    /// </exception>
    public static async Task<byte[]> ReadAllAsync(PipeReader body, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await ReadAsync(body, cancellationToken);
            if (read.IsCompleted)
            {
                var all = read.Buffer.ToArray();
                body.AdvanceTo(read.Buffer.End);
                return all;
            }

            body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>Reads what has arrived.</summary>
    /// <exception cref="BadHttpRequestException">The body is not framed as HTTP asks, or its connection broke off.</exception>
    public static bool TryRead(PipeReader body, out ReadResult read)
    {
        try
        {
            return body.TryRead(out read);
        }
        catch (IOException e) when (e is not BadHttpRequestException)
        {
            throw Broken(e);
        }
    }

    private static BadHttpRequestException Broken(IOException e) => new(e.Message, StatusCodes.Status400BadRequest, e);
}
