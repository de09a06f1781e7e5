using System.Security.Cryptography;
using ProfileService.Aggregates;

namespace ProfileService.Tests.Aggregates;

/// <summary>Noise is drawn as its formula says.</summary>
public sealed class GeometricNoiseTests
{
    private const int Draws = 100_000;

    [Theory]
    [InlineData(1, 10_000)] // scale 1
    [InlineData(5, 6_000)]
    [InlineData(5, 300)] // scale 167
    [InlineData(1, 25_000)] // scale 0.4
    [InlineData(7, 1_234)]
    public void NumbersComeAsOftenAsTheFormulaSays(int sensitivity, int tenthousandths)
    {
        var (noise, scale) = (new GeometricNoise(new Random(7).Next), NoiseScale.Of(sensitivity, tenthousandths));
        var ratio = Math.Exp(-tenthousandths / (10_000d * sensitivity));
        Assert.Equal(ratio, scale.Ratio, 12);

        var drawn = Enumerable.Range(0, Draws).Select(_ => noise.Draw(scale)).CountBy(x => x).ToDictionary();
        for (var x = -20; x <= 20; x++)
        {
            var expected = (1 - ratio) / (1 + ratio) * Math.Pow(ratio, Math.Abs(x));
            var error = Math.Sqrt(expected * (1 - expected) / Draws);
            Assert.InRange((double)drawn.GetValueOrDefault(x) / Draws, expected - (5 * error), expected + (5 * error));
        }
    }

    [Fact]
    public void SpreadIsThatOfTheScale()
    {
        var (noise, scale) = (new GeometricNoise(RandomNumberGenerator.GetInt32), NoiseScale.Of(100, 30)); // the widest that settings allow
        var mean = Enumerable.Range(0, 10_000).Average(_ => Math.Abs((double)noise.Draw(scale)));
        Assert.InRange(mean, 0.94 * 100 / 0.003, 1.06 * 100 / 0.003); // six standard errors
    }

    /// <summary>What is listed was met by somebody, in 19 of 20 releases.</summary>
    [Theory]
    [InlineData(1_000, 1_200)]
    [InlineData(10, 600)]
    [InlineData(50, 9_000)]
    public void NoiseAloneSeldomReachesTheThresholds(int counts, int tenthousandths)
    {
        var (noise, scale) = (new GeometricNoise(new Random(11).Next), NoiseScale.Of(1, tenthousandths));
        var (single, sum) = (ListingThreshold.Of(scale.Ratio, counts), ListingThreshold.OfSums(scale.Ratio, counts));
        const int Releases = 400;
        var (listed, listedOfSums) = (0, 0);
        for (var release = 0; release < Releases; release++)
        {
            listed += Enumerable.Range(0, counts).Max(_ => noise.Draw(scale)) >= single ? 1 : 0;
            listedOfSums += Enumerable.Range(0, counts).Max(_ => noise.Draw(scale) + noise.Draw(scale)) >= sum ? 1 : 0;
        }

        Assert.InRange((double)listed / Releases, 0.005, 0.095); // 0.05 and four standard errors
        Assert.InRange((double)listedOfSums / Releases, 0.005, 0.095);
    }
}
