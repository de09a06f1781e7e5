using System.ComponentModel.DataAnnotations;
using ProfileService.Platform.Settings;

namespace ProfileService.Model;

/// <summary>Section <c>Model</c>: the model packages and how they run.</summary>
[Section("Model")]
internal sealed class ModelOptions
{
    /// <summary>
    /// Folder of the model package, relative to the working directory or to the program. Default <c>models/starter/3</c>.
    /// </summary>
    [Required]
    public string Package { get; set; } = "models/starter/3";

    /// <summary>
    /// Whether this start makes <see cref="Package"/> the active model of shared stores, as soon as it listens. Default false: the process
    /// follows the active model. Set it for a single start. Stores in SQLite belong to one process and do not need it.
    /// </summary>
    public bool Activate { get; set; }

    /// <summary>
    /// Folder of the sentiment package, found like <see cref="Package"/>. Default <c>models/sentiment/5</c>. An empty value disables
    /// sentiment.
    /// </summary>
    public string? SentimentPackage { get; set; } = "models/sentiment/5";

    /// <summary>Execution provider: Cpu or Cuda. Default Cpu.</summary>
    [EnumDataType(typeof(ModelProvider))]
    public ModelProvider Provider { get; set; } = ModelProvider.Cpu;

    /// <summary>Whether the start fails if <see cref="Provider"/> is missing. Otherwise the model runs on the CPU. Default false.</summary>
    public bool RequireProvider { get; set; }

    /// <summary>
    /// Threads per run. 0 uses the number of processors that the process may use, which respects a container's CPU limit. Default 1,
    /// because concurrent batches (<c>Refresh:Workers</c>) take a tenth less CPU time than one batch on several threads. 0 to 1,024.
    /// </summary>
    [Range(0, 1_024)]
    public int Threads { get; set; } = 1;
}
