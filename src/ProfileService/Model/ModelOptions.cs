using System.ComponentModel.DataAnnotations;
using ProfileService.Platform.Settings;

namespace ProfileService.Model;

/// <summary>Section <c>Model</c>: which package runs, and on what.</summary>
[Section("Model")]
internal sealed class ModelOptions
{
    /// <summary>Folder of the model package; default <c>models/starter/2</c>, looked for in the working directory and beside the program.</summary>
    [Required]
    public string Package { get; set; } = "models/starter/2";

    /// <summary>
    /// Whether this start makes <see cref="Package"/> the active model of stores that other processes share, once it listens; default false: it follows the
    /// one that is active. Set it for one start. SQLite's stores are of one process, which needs no leave.
    /// </summary>
    public bool Activate { get; set; }

    /// <summary>Folder of the sentiment package; default <c>models/sentiment/1</c>, looked for as <see cref="Package"/> is. Empty switches sentiment off.</summary>
    public string? SentimentPackage { get; set; } = "models/sentiment/1";

    /// <summary>Execution provider: Cpu or Cuda; default Cpu.</summary>
    [EnumDataType(typeof(ModelProvider))]
    public ModelProvider Provider { get; set; } = ModelProvider.Cpu;

    /// <summary>Whether the start fails where <see cref="Provider"/> is missing, instead of falling back to the CPU; default false.</summary>
    public bool RequireProvider { get; set; }

    /// <summary>
    /// Threads of one run; 0 is the processors that the process may use, a container's CPU limit included. Default 1: batches side by side
    /// (<c>Refresh:Workers</c>) take a tenth less CPU time than one batch split among threads. 0 to 1,024.
    /// </summary>
    [Range(0, 1_024)]
    public int Threads { get; set; } = 1;
}
