using Microsoft.Extensions.Options;

namespace ProfileService.Model;

/// <summary>Holds the model that serves. Readers take <see cref="Current"/> once per batch and keep that snapshot to its end.</summary>
/// <param name="withItems">Whether to keep the packages' item vectors, which only the doors out need.</param>
internal sealed partial class ModelSlot(IOptions<ModelOptions> options, ILogger<ModelSlot> logger, bool withItems = true)
{
    private volatile ActiveModel? _current;

    /// <exception cref="InvalidOperationException">No model was activated yet.</exception>
    public ActiveModel Current => _current ?? throw new InvalidOperationException("No model is active.");

    /// <summary>Verifies and loads a package and swaps it in; where that fails, the one before goes on serving.</summary>
    /// <exception cref="PackageRefusedException">The package must not serve; the message names the file.</exception>
    public void Activate(string directory)
    {
        var loaded = ActiveModel.Load(directory, options.Value, logger, withItems);
        _current = loaded; // the one before is freed when the last batch that took it is done
        LogActivated(loaded.Manifest.Id, loaded.Provider, loaded.Manifest.Dimension);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Model {Model} is loaded on {Provider}, dimension {Dimension}")]
    private partial void LogActivated(string model, ModelProvider provider, int dimension);
}
