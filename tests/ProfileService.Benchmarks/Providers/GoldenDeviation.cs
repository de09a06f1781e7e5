using System.Globalization;
using System.Numerics.Tensors;
using Microsoft.Extensions.Logging.Abstractions;
using ProfileService.Model;

namespace ProfileService.Benchmarks.Providers;

/// <summary>How far a provider computes from what training did; told of a package that is refused for it, too.</summary>
/// <param name="Opened">What it took to open the session; the first on CUDA starts CUDA.</param>
/// <param name="Vector">The most by which a number of a golden vector differs.</param>
/// <param name="Attention">Likewise of an event's attention.</param>
internal sealed record GoldenDeviation(TimeSpan Opened, float Vector, float Attention)
{
    public static GoldenDeviation Of(string directory, ModelOptions options)
    {
        var package = ModelPackage.Read(directory);
        var encoder = new WindowEncoder(package.Manifest, package.Json<Vocabulary>(Vocabulary.FileName) ?? new Vocabulary());
        var started = TimeProvider.System.GetTimestamp();
        using var sessionOptions = ExecutionProvider.Choose(options, NullLogger.Instance).Session;
        using var session = new ModelSession(package.Graph, package.Manifest, sessionOptions);
        var opened = TimeProvider.System.GetElapsedTime(started);

        var (vector, attention) = (0f, 0f);
        foreach (var sample in package.Json<GoldenSamples>(GoldenSamples.FileName)!.Samples)
        {
            var window = sample.ToWindow();
            using var batch = encoder.NewBatch(1, encoder.LengthOf(window));
            encoder.Encode(window, sample.AttributeTexts(), batch, 0, sample.Contents());
            using var outputs = session.Run(batch);
            vector = MathF.Max(vector, Most(outputs.Vector(0), sample.Vector));
            attention = MathF.Max(attention, Most(outputs.AttentionOf(0), sample.Attention));
        }

        return new GoldenDeviation(opened, vector, attention);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"session opened in {Opened.TotalSeconds:0.00} s; golden vectors differ by {Vector:0.0E+0} at most, "
        + $"attention by {Attention:0.0E+0} ({GoldenSamples.OutputTolerance:0.0E+0} is allowed)");

    private static float Most(ReadOnlySpan<float> actual, ReadOnlySpan<float> expected)
    {
        var differences = new float[expected.Length];
        TensorPrimitives.Subtract(actual, expected, differences);
        return MathF.Abs(TensorPrimitives.MaxMagnitude(differences));
    }
}
