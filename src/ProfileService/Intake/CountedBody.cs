namespace ProfileService.Intake;

/// <summary>Counts the bytes that are read from a body.</summary>
internal sealed class CountedBody(Stream body) : ForwardStream
{
    public long BytesRead { get; private set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await body.ReadAsync(buffer, cancellationToken);
        BytesRead += read;
        return read;
    }
}
