using System.Text.Json.Nodes;
using ProfileService.Model;
using ProfileService.Windows;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Model;

/// <summary>A package that takes the time of the newest event.</summary>
public sealed class TimePackageTests : IDisposable
{
    private const double Hour = 3_600;
    private const double Midnight = 20_758; // of 1 November 2026, in days since 1970

    private static readonly Dictionary<string, string> NoAttributes = [];
    private static readonly EncodingManifest None = new("none");

    private static readonly WindowEncoder Encoder = new(
        new ModelManifest(
            "m", "1", 4, 3,
            new ModelInputsManifest(
                new EncodingManifest("hash", Buckets: 1_000), None, None, None, None, [],
                Time: new EncodingManifest("dayAndHour", Offset: Midnight, Scale: 2)),
            default, new Dictionary<string, string>()),
        new Vocabulary());

    private readonly PackageCopy _package = new(Repository.PartsPackage);

    [Theory]
    [InlineData(26 * Hour, 0.75, 0.5)]       // noon of 2 November 2026
    [InlineData(14 * Hour, 0.5, 0)]          // midnight
    [InlineData(-16 * Hour, -0.125, 0.75)]   // 18:00 of 31 October
    [InlineData(90_014 * Hour, 10, 0)]        // clipped
    public void NewestEventGivesDayAndHour(double seconds, float day, float hour)
    {
        using var batch = Encoder.NewBatch(2, 3);
        Encoder.Encode(new Window("u1", [Event(seconds - 10), Event(seconds)]), NoAttributes, batch, 1);
        Assert.Equal([0, 0, day, hour], batch.Time.ToArray());
    }

    [Fact]
    public void WindowWithoutEventsHasZeros()
    {
        using var batch = Encoder.NewBatch(1, 1);
        Encoder.Encode(Window.Empty("u1"), NoAttributes, batch, 0);
        Assert.Equal([0, 0], batch.Time.ToArray());
    }

    [Fact]
    public void TimesBefore1970HaveAnHour()
    {
        var into = new float[2];
        TimeEncoding.Create(new EncodingManifest("dayAndHour", Offset: 0, Scale: 1))!.Write(-6L * 3_600 * 1_000_000, into);
        Assert.Equal([-0.25f, 0.75f], into);
    }

    [Theory]
    [InlineData("""{"encoding":"magic","offset":1,"scale":1}""")]
    [InlineData("""{"encoding":"dayAndHour","scale":1}""")]
    [InlineData("""{"encoding":"dayAndHour","offset":1,"scale":0}""")]
    public void UnknownEncodingIsRefused(string encoding)
    {
        _package.EditJson("manifest.json", m => m["inputs"]!["time"] = JsonNode.Parse(encoding));
        _package.AssertRefused("manifest.json", "inputs.time");
    }

    [Fact]
    public void ManifestThatKeepsQuietAboutTheTimeIsRefused()
    {
        _package.EditJson("manifest.json", m => m["inputs"]!.AsObject().Remove("time"));
        _package.AssertRefused("model.onnx", "no input time");
    }

    [Fact]
    public void GraphThatLacksTheTimeOfTheManifestIsRefused()
    {
        using var tiny = new PackageCopy(Repository.TinyPackage);
        tiny.EditJson("manifest.json", m => m["inputs"]!["time"] = Encoding(0, 1));
        tiny.AssertRefused("model.onnx", "the graph must have input time");
    }

    [Fact]
    public void GoldenSamplesProveTheTime()
    {
        _package.EditJson("golden.json", g => g["samples"]![4]!["inputs"]!["time"]![0] = 0.5);
        _package.AssertRefused("golden.json", "sample 4: input time");
    }

    [Fact]
    public async Task VectorsSayWhenTheNewestEventWas()
    {
        using var service = new TestService(("Model:Package", Repository.PartsPackage));
        await service.AcceptAsync(Event(-90 * 24 * Hour, "early"), Event(0, "late"));
        var (early, late) = (await VectorAsync(service, "early"), await VectorAsync(service, "late"));
        Assert.All(Now(early).Zip(Now(late)), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
        Assert.NotEqual(early[^3], late[^3], 1e-2f); // the day
    }

    public void Dispose() => _package.Dispose();

    /// <summary>The first part, of length 1: the whole vector is scaled.</summary>
    private static double[] Now(float[] vector)
    {
        var length = Math.Sqrt(vector[..16].Sum(x => (double)x * x));
        return Array.ConvertAll(vector[..16], x => x / length);
    }

    private static async Task<float[]> VectorAsync(TestService service, string userId) =>
        [.. (await service.FreshAsync(userId)).Json.GetProperty("vector").EnumerateArray().Select(x => x.GetSingle())];

    private static JsonObject Encoding(double offset, double scale) =>
        new() { ["encoding"] = "dayAndHour", ["offset"] = offset, ["scale"] = scale };
}
