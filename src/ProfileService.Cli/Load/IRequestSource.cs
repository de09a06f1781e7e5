namespace ProfileService.Cli.Load;

/// <summary>What one connection sends, one request after the other.</summary>
internal interface IRequestSource
{
    /// <summary>The next request's bytes; they stand until the next call.</summary>
    ReadOnlySpan<byte> Next();

    /// <summary>What a request that was answered like this got done: profiles read, events accepted.</summary>
    long Done(HttpAnswer answer);
}
