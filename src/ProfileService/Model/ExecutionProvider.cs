using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;
using Microsoft.ML.OnnxRuntime;
using ProfileService.Platform;
using SessionOptions = Microsoft.ML.OnnxRuntime.SessionOptions;

namespace ProfileService.Model;

/// <summary>Chooses what runs the graph, and says what it really is.</summary>
internal static partial class ExecutionProvider
{
    // On the CPU a sum and a LayerNormalization take a third of the time of the two fused (ONNX Runtime 1.31).
    private const string SlowFusion = "SkipLayerNormFusion";

    private const string CudaProvider = "CUDAExecutionProvider";

    // Else CUDA multiplies in TF32, with factors of 10 bits: fewer than the golden samples are proved with.
    private static readonly Dictionary<string, string> InFloat32 = new() { ["use_tf32"] = "0" };

    private static readonly string CudaLibraryName = OperatingSystem.IsWindows() ? "onnxruntime_providers_cuda.dll" : "libonnxruntime_providers_cuda.so";

    /// <summary>Session options for the provider asked for, or for the CPU where that is missing and not required; tells which.</summary>
    /// <exception cref="OptionsValidationException">The provider is required and missing.</exception>
    public static (SessionOptions Session, ModelProvider Actual) Choose(ModelOptions options, ILogger logger)
    {
        OnnxTelemetry.Disable(); // before anything of ONNX Runtime is touched
        // The processors follow the container's CPU limit. Idle threads leave them to the doors and the stores.
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
    /// <param name="threads">Of one run.</param>
    /// <param name="spins">Whether threads that wait for work keep their processor.</param>
    public static SessionOptions OptionsOf(int threads, bool spins)
    {
        var session = new SessionOptions { GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL, IntraOpNumThreads = threads };
        session.EnableCpuMemArena = new MemoryAtHand().IsAmple; // ONNX Runtime's own store keeps what the largest run took, 30 MB and more
        session.AddSessionConfigEntry("session.intra_op.allow_spinning", spins ? "1" : "0");
        session.AddSessionConfigEntry("optimization.disable_specified_optimizers", SlowFusion);
        return session;
    }

    // CUDA is a plug-in of ONNX Runtime, a library of its own that finds the machine's GPUs; the first one is taken.
    private static void AppendCuda(SessionOptions session)
    {
        var ort = OrtEnv.Instance();
        if (!ort.GetEpDevices().Any(IsCuda))
            ort.RegisterExecutionProviderLibrary(CudaProvider, CudaLibrary());
        var gpu = ort.GetEpDevices().FirstOrDefault(IsCuda) ?? throw new InvalidOperationException("it finds no NVIDIA GPU.");
        session.AppendExecutionProvider(ort, [gpu], InFloat32);

        static bool IsCuda(OrtEpDevice device) => device.EpName == CudaProvider;
    }

    private static string CudaLibrary() =>
        new[] { "", $"runtimes/{RuntimeInformation.RuntimeIdentifier}/native" }
            .Select(folder => Path.Combine(AppContext.BaseDirectory, folder, CudaLibraryName))
            .FirstOrDefault(File.Exists) ?? throw new DllNotFoundException($"{CudaLibraryName} is not beside the program.");

    private static OptionsValidationException Missing(string reason) =>
        new("Model", typeof(ModelOptions), [$"Model:Provider is Cuda and Model:RequireProvider is true, but CUDA is missing: {reason} Install the GPU build of ONNX Runtime, CUDA and cuDNN, or set Model:Provider=Cpu."]);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Model:Provider is Cuda, but CUDA is missing; the model runs on the CPU. {Reason}")]
    private static partial void LogFallback(ILogger logger, string reason);
}
