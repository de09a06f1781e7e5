using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using ProfileService.Platform;
using ProfileService.Sentiment;

namespace ProfileService.Tests.Sentiment;

/// <summary>Which kinds of texts the package that ships takes to state an opinion, and which sign emoji and negations give.</summary>
public sealed class OpinionTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly SentimentScorer _scorer;

    public OpinionTests() => _scorer = new(
        SentimentModel.Load(Repository.SentimentPackage, threads: 1),
        new ProfileMetrics(_services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>()), TimeProvider.System);

    public static TheoryData<string, string[]> Foreign => new()
    {
        { "Russian", ["ужасно", "Отличный чайник, спасибо!", "Это худшая покупка в моей жизни.", "Очень доволен, рекомендую"] },
        { "German", ["Die Lampe war nach zwei Tagen kaputt.", "Sehr zufrieden mit der Verarbeitung.", "Das Gehäuse klappert fürchterlich", "Würde ich jederzeit wieder kaufen"] },
        { "French", ["Très déçu, la qualité est mauvaise.", "Livraison rapide, rien à redire", "Je suis ravie de cet achat", "Le colis est arrivé abîmé"] },
        { "Spanish", ["Muy contenta con la compra", "Llegó roto y nadie contesta", "No lo recomiendo, se rompió enseguida", "Me encanta, funciona de maravilla"] },
        { "Polish", ["Bardzo dobra jakość, polecam", "Nie polecam, zepsuło się po tygodniu", "Jestem zadowolona z zakupu", "Przesyłka dotarła uszkodzona"] },
        { "Turkish", ["Çok güzel, tavsiye ederim", "Berbat bir ürün, iade ettim", "Kargo çok hızlıydı", "Hiç memnun kalmadım"] },
        { "Arabic", ["منتج ممتاز وأنصح به", "سيء جدا ولا يعمل", "التوصيل سريع", "لم يعجبني أبدا"] },
        { "Hindi", ["बहुत अच्छा उत्पाद", "बिल्कुल बेकार", "मुझे यह पसंद आया", "पैसे की बर्बादी"] },
        { "Korean", ["정말 마음에 들어요", "배송이 너무 늦었어요", "품질이 별로예요", "강력 추천합니다"] },
        { "Thai", ["ดีมากชอบมาก", "แย่มาก ไม่แนะนำ", "ส่งเร็ว", "สินค้าชำรุด"] },
        { "Greek", ["Πολύ καλό προϊόν", "Χάλια ποιότητα", "Το συνιστώ", "Έφτασε σπασμένο"] },
        { "Hebrew", ["מוצר מצוין", "איכות גרועה", "מאוד מרוצה", "לא ממליץ"] },
    };

    [Theory]
    [MemberData(nameof(Foreign))]
    public void LanguageThatWasNeverTrainedHasNoScore(string language, string[] texts) =>
        AssertMost(0.5, texts, score => score is null, language);

    [Fact]
    public void LanguagesThatWereNeverTrainedHardlyHaveAScore() =>
        AssertMost(0.9, [.. Foreign.SelectMany(row => row.Data.Item2)], score => score is null, "all languages");

    [Fact]
    public void NumbersCodesAndAddressesHaveNoScore()
    {
        var random = new Random(3);
        var digits = Enumerable.Range(0, 100).Select(_ => random.NextInt64(1, 1L << random.Next(4, 50)).ToString(CultureInfo.InvariantCulture)).ToList();
        AssertMost(0.95, digits, score => score is null, "numbers");
        AssertMost(0.9, [.. digits.Select(d => $"XK-{d}")], score => score is null, "codes");
        AssertMost(0.9, [.. digits.Select(d => $"https://example.com/{d}?q={d}")], score => score is null, "addresses");
    }

    [Theory]
    [InlineData(1, "😍 😀 😃 😄 ❤️ 👍 🎉 😊 💕 🙌")]
    [InlineData(1, "🥰 😘 😆 💜 💙 👏 💪 ✌️")] // without counts in training: newer than these, or held out
    [InlineData(-1, "😡 😢 😭 👎 😒 😞 💔 ☹️ 😩 😔")]
    [InlineData(-1, "🤬 🤮 🤢 🙁 😠 😨 😷")] // without counts in training
    public void EmojiHasItsSignAloneInARowAndBesideAFact(int sign, string all)
    {
        var emoji = all.Split(' ');
        AssertMost(0.85, emoji, score => Math.Sign(score ?? 0) == sign, "alone");
        AssertMost(0.85, [.. emoji.Select(e => e + e + e)], score => Math.Sign(score ?? 0) == sign, "thrice");
        AssertMost(0.7, [.. emoji.Select(e => $"arrived {e}")], score => Math.Sign(score ?? 0) == sign, "beside a fact");
    }

    [Fact]
    public void SkinToneAndVariationSelectorMakeNoDifference()
    {
        var scores = _scorer.Score(["👍", "👍🏽", "👍🏿", "❤", "❤️"]);
        Assert.Equal((scores[0], scores[0], scores[3]), (scores[1], scores[2], scores[4]));
    }

    [Theory]
    [InlineData(1, "not bad", "Not bad at all!", "couldn't be happier", "I could not be happier with this lamp", "no complaints", "never disappointed", "没有不好", "不错", "无可挑剔")]
    [InlineData(-1, "not good", "not worth the money", "I don't like it", "couldn't be worse", "would not recommend", "不好", "不推荐", "没有想象中好")]
    public void NegationTurnsWhatItNegates(int sign, params string[] texts) => AssertMost(0.85, texts, score => Math.Sign(score ?? 0) == sign, "");

    [Theory]
    [InlineData(1, "anything but bad", "This lamp is far from ugly", "I don't think it is bad")]
    [InlineData(-1, "anything but good", "Anything but reliable.", "far from perfect", "I don't think it is good")]
    public void PairsOfWordsNegateAndNegationReachesPastTheVerb(int sign, params string[] texts) =>
        AssertMost(1, texts, score => Math.Sign(score ?? 0) == sign, "");

    [Fact]
    public void WhatIsOkayHasAScoreNearZeroAndAQuestionNone()
    {
        AssertMost(0.75, ["it is okay", "It's ok.", "average", "nothing special", "一般般"], score => Math.Abs(score ?? 9) < 0.6, "okay");
        AssertMost(0.75, ["what time do you open?", "Where is my parcel?", "How long is the cable?", "几点开门", "请问有货吗"], score => score is null, "question");
    }

    public void Dispose()
    {
        _scorer.Dispose();
        _services.Dispose();
    }

    private void AssertMost(double least, IReadOnlyList<string> texts, Func<float?, bool> isRight, string of)
    {
        var scores = _scorer.Score(texts);
        var wrong = texts.Zip(scores).Where(pair => !isRight(pair.Second)).ToList();
        Assert.True(1 - (wrong.Count / (double)texts.Count) >= least, $"{of}: {string.Join(" | ", wrong)}");
    }
}
