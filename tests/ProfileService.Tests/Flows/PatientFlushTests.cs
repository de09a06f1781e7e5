using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Time.Testing;
using ProfileService.Flows;

namespace ProfileService.Tests.Flows;

/// <summary>A client that takes nothing of an answer does not keep its place.</summary>
public sealed class PatientFlushTests
{
    private readonly Pipe _client = new(new PipeOptions(pauseWriterThreshold: 1, resumeWriterThreshold: 0, useSynchronizationContext: false));
    private readonly DefaultHttpContext _context = new();
    private readonly Connection _connection = new();
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public PatientFlushTests()
    {
        _context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(_client.Writer.AsStream()));
        _context.Features.Set<IHttpRequestLifetimeFeature>(_connection);
        _context.Response.BodyWriter.Write("a line\n"u8);
    }

    [Fact]
    public async Task ClientThatTakesNothingIsCutOff()
    {
        var flush = _context.FlushAsync(_time, Token);
        _time.Advance(PatientFlush.Longest - TimeSpan.FromSeconds(1));
        Assert.False(flush.IsCompleted);
        Assert.False(_connection.IsAborted);
        _time.Advance(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<OperationCanceledException>(() => flush);
        Assert.True(_connection.IsAborted);
    }

    [Fact]
    public async Task SlowClientThatTakesWhatThereIsGoesOn()
    {
        var flush = _context.FlushAsync(_time, Token);
        _time.Advance(PatientFlush.Longest - TimeSpan.FromSeconds(1));
        var taken = await _client.Reader.ReadAsync(Token);
        _client.Reader.AdvanceTo(taken.Buffer.End);
        Assert.False(await flush);
        _time.Advance(PatientFlush.Longest);
        Assert.False(_connection.IsAborted);
    }

    private sealed class Connection : IHttpRequestLifetimeFeature
    {
        public bool IsAborted { get; private set; }

        public CancellationToken RequestAborted { get; set; }

        public void Abort() => IsAborted = true;
    }
}
