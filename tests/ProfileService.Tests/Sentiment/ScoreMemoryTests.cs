using ProfileService.Sentiment;

namespace ProfileService.Tests.Sentiment;

public sealed class ScoreMemoryTests
{
    private readonly ScoreMemory _memory = new(generation: 4);

    [Fact]
    public void WhatIsKeptIsFound()
    {
        _memory.Keep(7, -0.5f);
        Assert.True(_memory.TryGet(7, out var score));
        Assert.Equal(-0.5f, score);
        Assert.False(_memory.TryGet(8, out _));
    }

    [Fact]
    public void ThatATextHasNoScoreIsKeptToo()
    {
        _memory.Keep(7, null);
        Assert.True(_memory.TryGet(7, out var score));
        Assert.Null(score);
    }

    [Fact]
    public void NoMoreThanTwoGenerationsAreKept()
    {
        Keep(0, 100);
        Assert.InRange(Enumerable.Range(0, 100).Count(n => _memory.TryGet((ulong)n, out _)), 4, 8);
        Assert.True(_memory.TryGet(99, out _));
    }

    [Fact]
    public void WhatIsAskedForAgainAndAgainStays()
    {
        _memory.Keep(1_000, 1);
        for (var n = 0; n < 100; n++)
        {
            _memory.Keep((ulong)n, 0);
            Assert.True(_memory.TryGet(1_000, out _), $"{n}");
        }
    }

    private void Keep(int from, int to)
    {
        for (var n = from; n < to; n++)
            _memory.Keep((ulong)n, n);
    }
}
