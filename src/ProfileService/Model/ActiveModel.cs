using Microsoft.Extensions.Options;
using Microsoft.ML.OnnxRuntime;

namespace ProfileService.Model;

/// <summary>A verified package, loaded: an immutable snapshot that is swapped whole (<see cref="ModelSlot"/>).</summary>
internal sealed class ActiveModel : IDisposable
{
    /// <summary>Windows that a processor's cache has room for; more at once gain nothing.</summary>
    public const int UsersPerCpuRun = 32;

    private readonly ModelSession _session;

    private ActiveModel(ModelManifest manifest, WindowEncoder encoder, ModelSession session, ModelProvider provider, ItemVectors? items) =>
        (Manifest, Stamp, Encoder, _session, Provider, Items) = (manifest, ModelStamp.Of(manifest), encoder, session, provider, items);

    public ModelManifest Manifest { get; }

    public ModelStamp Stamp { get; }

    public WindowEncoder Encoder { get; }

    /// <summary>What the graph really runs on.</summary>
    public ModelProvider Provider { get; }

    /// <summary>Users of one run at most. More gain nothing on a CPU, where what a run works on is to stay in the cache; a GPU takes what there is.</summary>
    public int UsersPerRun => Provider == ModelProvider.Cpu ? UsersPerCpuRun : int.MaxValue;

    /// <summary>Item vectors, or null where the package has none or they were not asked for.</summary>
    public ItemVectors? Items { get; }

    /// <summary>Reads, verifies and loads a package: sha256, then the graph's shape, then the golden samples, then the item vectors.</summary>
    /// <param name="withItems">Whether to keep the item vectors, which may be large.</param>
    /// <exception cref="PackageRefusedException">It fails; the message names the file and says why.</exception>
    public static ActiveModel Load(string directory, ModelOptions options, ILogger logger, bool withItems = false)
    {
        try
        {
            return LoadUnguarded(directory, options, logger, withItems);
        }
        catch (Exception e) when (e is not (PackageRefusedException or OptionsValidationException))
        {
            throw new PackageRefusedException(directory, $"it cannot be verified: {e.Message}", e); // whatever a damaged package makes us stumble over
        }
    }

    private static ActiveModel LoadUnguarded(string directory, ModelOptions options, ILogger logger, bool withItems)
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
            if (ItemVectors.Problem(package) is { } items)
                throw new PackageRefusedException(Path.Combine(directory, ItemVectors.FileName), items);
            return new ActiveModel(package.Manifest, encoder, session, provider, withItems ? ItemVectors.Of(package, vocabulary) : null);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>The outputs are the caller's to dispose of.</summary>
    /// <param name="withHeads">Whether what each attention head weighs is asked for, where the package tells it.</param>
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
                throw new PackageRefusedException(Path.Combine(package.Directory, ModelPackage.GraphFile), $"ONNX Runtime cannot load it: {e.Message}", e);
            }
        }
    }
}
