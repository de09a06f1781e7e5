using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using ProfileService.Platform;
using ProfileService.Sentiment;

namespace ProfileService.Tests.Sentiment;

public sealed class SentimentScorerTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly SentimentScorer _scorer;

    private static readonly (string Praise, string Blame)[] Tones =
    [
        ("This is a wonderful lamp, I am very happy with it.", "This is a terrible lamp, a complete waste of money."),
        ("Beautiful colours and a great price.", "Ugly colours, and it is bad value."),
        ("Works well, looks good.", "Looks cheap and feels worse."),
        ("A lovely gift, my sister adores it.", "Boring and badly made."),
        ("The film is a joy from beginning to end.", "The film is a bore from beginning to end."),
        ("台灯很漂亮，光线柔和，非常满意。", "台灯很难看，光线刺眼，非常失望。"),
        ("送货很快，味道很好，下次还会买。", "送货太慢，味道很差，再也不会买。"),
        ("衣服质量很好，穿着舒服。", "衣服质量很差，穿着难受。"),
        ("房间干净，服务员热情。", "房间很脏，服务员态度恶劣。"),
        ("值得推荐！", "后悔买了，不推荐！"),
    ];

    public SentimentScorerTests() => _scorer = Scorer(SentimentModel.Load(Repository.SentimentPackage, threads: 1));

    [Fact]
    public void PraiseScoresAboveZeroAndBlameBelow()
    {
        var (praise, blame) = (_scorer.Score([.. Tones.Select(t => t.Praise)]), _scorer.Score([.. Tones.Select(t => t.Blame)]));
        Assert.DoesNotContain(praise, score => score <= 0.1); // one may be taken to state nothing
        Assert.True(blame.Count(score => score >= -0.1) <= 1, string.Join(' ', blame)); // "cheap" and "worse", docs/sentiment.md
        Assert.DoesNotContain(blame, score => score >= 0.1);
        Assert.True(praise.Concat(blame).Count(score => score is null) <= 1, string.Join(' ', praise.Concat(blame)));
    }

    public static TheoryData<string> Oddities =>
    [
        "", " \t\n", "'", "\0", "\ud83d", "\udc00\ud800", "good \ud83d text \udc4d", "😀", "👩‍👩‍👧‍👦🏳️‍🌈", "\u202e\ufeff\u200b", "\uffff\ufffe", "ﷺ", "e\u0301\u0301\u0301\u0301",
        new string('a', 4_000), new string('好', 4_000), new string('\ud800', 4_000), string.Concat(Enumerable.Repeat("😀👍", 1_000)),
        string.Concat(Enumerable.Range(0, 1_000).Select(n => $"w{n} ")), string.Concat(Enumerable.Repeat("ﷺ", 4_000)), new string('\'', 4_000),
    ];

    [Theory]
    [MemberData(nameof(Oddities))]
    public void WhateverTheTextItsScoreIsFromMinusOneToOneOrNone(string text) => Assert.InRange(Assert.Single(_scorer.Score([text])) ?? 0, -1f, 1f);

    [Fact]
    public void TextWithoutAUnitHasNoScore() => Assert.Equal([null, null], _scorer.Score(["", " '\u200b "]));

    [Fact]
    public void OfAnyUtf16TheScoreIsFromMinusOneToOneOrNone()
    {
        var random = new Random(1);
        var texts = Enumerable.Range(0, 300).Select(n => new string([.. Enumerable.Range(0, random.Next(60)).Select(_ => (char)random.Next(n % 2 == 0 ? 0x10000 : 0x250))])).ToList();
        Assert.All(_scorer.Score(texts), s => Assert.InRange(s ?? 0, -1f, 1f));
    }

    [Fact]
    public void WritingMakesNoDifference()
    {
        var scores = _scorer.Score(["Don't buy, BAD café!", "ｄｏｎ’ｔ　ｂｕｙ， bad cafe\u0301!"]);
        Assert.Equal(scores[0]!.Value, scores[1]!.Value, 1e-5f);
    }

    [Fact]
    public void ScoreOfATextDoesNotDependOnItsCompany()
    {
        string[] texts = [.. Enumerable.Range(0, 200).Select(n => string.Concat(Enumerable.Repeat($"nice {n} 不错 ", (n * 7 % 60) + 1)))];
        var together = _scorer.Score(texts);
        var alone = Scorer(SentimentModel.Load(Repository.SentimentPackage, threads: 1));
        Assert.All(texts.Zip(together), t => Assert.Equal(Assert.Single(alone.Score([t.First])) ?? 9, t.Second ?? 9, 1e-4f));
    }

    [Fact]
    public void TextIsScoredOnce()
    {
        using var texts = new MetricCollector<long>(_services.GetRequiredService<IMeterFactory>(), ProfileMetrics.Name, "profiles.sentiment.texts");
        var first = _scorer.Score(["good", "bad", "good"]);
        var second = _scorer.Score(["bad", "good", "so so"]);
        Assert.Equal([first[0], first[0]], [first[2], second[1]]);
        Assert.Equal(first[1], second[0]);
        Assert.Equal(new() { ["model"] = 3, ["memory"] = 3 }, Sums(texts));
    }

    [Fact]
    public async Task ManyThreadsGetTheSameScores()
    {
        string[] texts = [.. Enumerable.Range(0, 50).Select(n => $"fine {n}")];
        var all = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => _scorer.Score(texts), TestContext.Current.CancellationToken)));
        Assert.All(all, scores => Assert.All(scores.Zip(all[0]), pair => Assert.Equal(pair.First ?? 9, pair.Second ?? 9, 1e-5f)));
    }

    [Fact]
    public void NoTextsAreNoScores() => Assert.Empty(_scorer.Score([]));

    [Fact]
    public void SwitchedOffItSaysSo()
    {
        using var off = Scorer(null);
        Assert.False(off.IsOn);
        Assert.Null(off.Model);
        Assert.Throws<InvalidOperationException>(() => off.Score(["good"]));
    }

    public void Dispose()
    {
        _scorer.Dispose();
        _services.Dispose();
    }

    private SentimentScorer Scorer(SentimentModel? model) => new(model, new ProfileMetrics(_services.GetRequiredService<IMeterFactory>()), TimeProvider.System);

    private static Dictionary<string, long> Sums(MetricCollector<long> texts) =>
        texts.GetMeasurementSnapshot().GroupBy(m => (string)m.Tags["from"]!).ToDictionary(g => g.Key, g => g.Sum(m => m.Value));
}
