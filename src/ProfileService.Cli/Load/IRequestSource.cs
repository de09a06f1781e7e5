namespace ProfileService.Cli.Load;

/// <summary>The requests of one connection.</summary>
internal interface IRequestSource
{
    /// <summary>The bytes of the next request, valid until the next call.</summary>
    ReadOnlySpan<byte> Next();

    /// <summary>Number of profiles read or events accepted, from the response to a request.</summary>
    long CountDone(HttpAnswer answer);
}
