using Microsoft.Extensions.Options;
using Microsoft.ML.OnnxRuntime;

namespace ProfileService.Model;

/// <summary>A verified, loaded package: an immutable snapshot that <see cref="ModelSlot"/> swaps as a whole.</summary>
internal sealed class ActiveModel : IDisposable
{
    /// <summary>Maximum users per run on a CPU. A larger batch does not fit the processor's cache and gains nothing.</summary>
    public const int UsersPerCpuRun = 32;

    private readonly ModelSession _session;

    private ActiveModel(ModelManifest manifest, WindowEncoder encoder, ModelSession session, ModelProvider provider, PackageItems? items) =>
        (Manifest, Stamp, Encoder, _session, Provider, Items) = (manifest, ModelStamp.Of(manifest), encoder, session, provider, items);

    public ModelManifest Manifest { get; }

    public ModelStamp Stamp { get; }

    public WindowEncoder Encoder { get; }

    /// <summary>The execution provider that the graph runs on.</summary>
    public ModelProvider Provider { get; }

    /// <summary>Maximum users per run. It is limited on a CPU only, see <see cref="UsersPerCpuRun"/>.</summary>
    public int UsersPerRun => Provider == ModelProvider.Cpu ? UsersPerCpuRun : int.MaxValue;

    /// <summary>What the package knows of items; null if it has no item vectors or they were not requested.</summary>
    public PackageItems? Items { get; }

    /// <summary>
    /// Reads, verifies and loads a package. Verification checks the sha256 of each file, the graph's inputs and outputs, the golden samples
    /// and what it knows of items.
    /// </summary>
    /// <param name="withItems">Whether to keep what it knows of items, which may be large.</param>
    /// <exception cref="PackageRefusedException">The package is invalid; the message names the file and the reason.</exception>
    public static ActiveModel Load(string directory, ModelOptions options, ILogger logger, bool withItems = false)
    {
        try
        {
            return LoadVerified(directory, options, logger, withItems);
        }
        catch (Exception e) when (e is not (PackageRefusedException or OptionsValidationException))
        {
            // A damaged package may cause any exception.
            throw new PackageRefusedException(directory, $"it cannot be verified: {e.Message}", e);
        }
    }

    private static ActiveModel LoadVerified(string directory, ModelOptions options, ILogger logger, bool withItems)
    {
        var package = ModelPackage.Read(directory);
        var vocabulary = package.Json<Vocabulary>(Vocabulary.FileName) ?? new Vocabulary();
        var encoder = new WindowEncoder(package.Manifest, vocabulary);
        var golden = package.Json<GoldenSamples>(GoldenSamples.FileName)!;
        var (session, provider) = OpenSession(package, options, logger);
        try
        {
            if (session.Problem(encoder.AttributeCount) is { } shape)
                throw new PackageRefusedException(Path.Combine(directory, ModelPackage.GraphFile), shape);
            if (golden.Problem(encoder, session) is { } difference)
                throw new PackageRefusedException(Path.Combine(directory, GoldenSamples.FileName), difference);
            PackageItems.Verify(package);
            return new ActiveModel(package.Manifest, encoder, session, provider, withItems ? PackageItems.Of(package, vocabulary) : null);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Runs the graph. The caller disposes of the outputs.</summary>
    /// <param name="withHeads">Whether to return the weights of each attention head, if the package provides them.</param>
    public ModelOutputs Run(ModelInputs inputs, bool withHeads = false) => _session.Run(inputs, withHeads);

    public void Dispose() => _session.Dispose();

    private static (ModelSession, ModelProvider) OpenSession(ModelPackage package, ModelOptions options, ILogger logger)
    {
        var (sessionOptions, provider) = ExecutionProvider.Choose(options, logger);
        using (sessionOptions)
        {
            try
            {
                return (new ModelSession(package.Graph, package.Manifest, sessionOptions), provider);
            }
            catch (OnnxRuntimeException e)
            {
                throw new PackageRefusedException(
                    Path.Combine(package.Directory, ModelPackage.GraphFile), $"ONNX Runtime cannot load it: {e.Message}", e);
            }
        }
    }
}
