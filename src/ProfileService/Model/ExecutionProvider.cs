using Microsoft.Extensions.Options;
using Microsoft.ML.OnnxRuntime;
using SessionOptions = Microsoft.ML.OnnxRuntime.SessionOptions;

namespace ProfileService.Model;

/// <summary>Chooses what runs the graph, and says what it really is.</summary>
internal static partial class ExecutionProvider
{
    /// <summary>Session options for the provider asked for, or for the CPU where that is missing and not required; tells which.</summary>
    /// <exception cref="OptionsValidationException">The provider is required and missing.</exception>
    public static (SessionOptions Session, ModelProvider Actual) Choose(ModelOptions options, ILogger logger)
    {
        OnnxTelemetry.Disable(); // before anything of ONNX Runtime is touched
        var session = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            IntraOpNumThreads = options.Threads > 0 ? options.Threads : Environment.ProcessorCount, // follows the container's CPU limit
        };
        session.AddSessionConfigEntry("session.intra_op.allow_spinning", "0"); // idle threads leave the cores to the doors and the stores
        if (options.Provider == ModelProvider.Cpu)
            return (session, ModelProvider.Cpu);

        try
        {
            session.AppendExecutionProvider_CUDA();
            return (session, ModelProvider.Cuda);
        }
        catch (Exception e) when (e is OnnxRuntimeException or EntryPointNotFoundException)
        {
            if (options.RequireProvider)
                throw Missing(e.Message);
            LogFallback(logger, e.Message);
            return (session, ModelProvider.Cpu);
        }
    }

    private static OptionsValidationException Missing(string reason) =>
        new("Model", typeof(ModelOptions), [$"Model:Provider is Cuda and Model:RequireProvider is true, but CUDA is missing: {reason} Install the GPU build of ONNX Runtime, CUDA and cuDNN, or set Model:Provider=Cpu."]);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Model:Provider is Cuda, but CUDA is missing; the model runs on the CPU. {Reason}")]
    private static partial void LogFallback(ILogger logger, string reason);
}
