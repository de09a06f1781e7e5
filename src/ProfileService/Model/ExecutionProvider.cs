using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;
using Microsoft.ML.OnnxRuntime;
using ProfileService.Platform;
using SessionOptions = Microsoft.ML.OnnxRuntime.SessionOptions;

namespace ProfileService.Model;

/// <summary>Chooses the ONNX Runtime execution provider, and reports which one is used.</summary>
internal static partial class ExecutionProvider
{
    // On the CPU, a sum and a separate LayerNormalization take a third of the time of the fused operator (ONNX Runtime 1.31).
    private const string SlowFusion = "SkipLayerNormFusion";

    private const string CudaProvider = "CUDAExecutionProvider";

    // By default CUDA multiplies in TF32, whose factors have 10-bit mantissas. That is less precise than the golden samples require.
    private static readonly Dictionary<string, string> InFloat32 = new() { ["use_tf32"] = "0" };

    private static readonly string CudaLibraryName =
        OperatingSystem.IsWindows() ? "onnxruntime_providers_cuda.dll" : "libonnxruntime_providers_cuda.so";

    /// <summary>
    /// Returns session options for the configured provider, or for the CPU if that provider is missing and not required; and the provider
    /// that is used.
    /// </summary>
    /// <exception cref="OptionsValidationException">The provider is required but missing.</exception>
    public static (SessionOptions Session, ModelProvider Actual) Choose(ModelOptions options, ILogger logger)
    {
        OnnxTelemetry.Disable(); // must precede the first use of ONNX Runtime
        // ProcessorCount respects the container's CPU limit. Threads do not spin, so that idle ones leave the processors to API and stores.
        var session = OptionsOf(options.Threads > 0 ? options.Threads : Environment.ProcessorCount, spins: false);
        if (options.Provider == ModelProvider.Cpu)
            return (session, ModelProvider.Cpu);

        try
        {
            AppendCuda(session);
            return (session, ModelProvider.Cuda);
        }
        catch (Exception e) when (e is OnnxRuntimeException or DllNotFoundException or InvalidOperationException)
        {
            if (options.RequireProvider)
                throw Missing(e.Message);
            LogFallback(logger, e.Message);
            return (session, ModelProvider.Cpu);
        }
    }

    /// <summary>Session options for the CPU.</summary>
    /// <param name="threads">Threads per run.</param>
    /// <param name="spins">Whether threads busy-wait for work.</param>
    public static SessionOptions OptionsOf(int threads, bool spins)
    {
        var session = new SessionOptions { GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL, IntraOpNumThreads = threads };
        session.EnableCpuMemArena = new AvailableMemory().IsAmple; // the arena keeps the memory of the largest run, 30 MB and more
        session.AddSessionConfigEntry("session.intra_op.allow_spinning", spins ? "1" : "0");
        session.AddSessionConfigEntry("optimization.disable_specified_optimizers", SlowFusion);
        return session;
    }

    // The CUDA provider is a plug-in library of ONNX Runtime that finds the machine's GPUs. The first GPU is used.
    private static void AppendCuda(SessionOptions session)
    {
        var ort = OrtEnv.Instance();
        if (!ort.GetEpDevices().Any(IsCuda))
            ort.RegisterExecutionProviderLibrary(CudaProvider, CudaLibrary());
        var gpu = ort.GetEpDevices().FirstOrDefault(IsCuda) ?? throw new InvalidOperationException("no NVIDIA GPU was found.");
        session.AppendExecutionProvider(ort, [gpu], InFloat32);

        static bool IsCuda(OrtEpDevice device) => device.EpName == CudaProvider;
    }

    private static string CudaLibrary() =>
        new[] { "", $"runtimes/{RuntimeInformation.RuntimeIdentifier}/native" }
            .Select(folder => Path.Combine(AppContext.BaseDirectory, folder, CudaLibraryName))
            .FirstOrDefault(File.Exists) ?? throw new DllNotFoundException($"{CudaLibraryName} is not beside the program.");

    private static OptionsValidationException Missing(string reason) =>
        new("Model", typeof(ModelOptions),
        [
            $"Model:Provider is Cuda and Model:RequireProvider is true, but CUDA is missing: {reason} "
            + "Install the GPU build of ONNX Runtime, CUDA and cuDNN, or set Model:Provider=Cpu.",
        ]);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Model:Provider is Cuda, but CUDA is missing; the model runs on the CPU. {Reason}")]
    private static partial void LogFallback(ILogger logger, string reason);
}
