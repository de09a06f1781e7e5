using Microsoft.Extensions.Options;
using ProfileService.Windows;

namespace ProfileService.Model;

/// <summary>Holds the loaded model. Readers read <see cref="Current"/> once per batch and use that snapshot for the whole batch.</summary>
/// <param name="withItems">Whether to keep the item vectors of packages. Only the API needs them.</param>
internal sealed partial class ModelSlot(
    IOptions<ModelOptions> options, IOptions<WindowOptions> windows, ILogger<ModelSlot> logger, bool withItems = true)
{
    private volatile ActiveModel? _current;

    /// <summary>Where the windows of this service are not those that the current model's figures are of; null if they are.</summary>
    public string? WindowAdvice => Current.Manifest.WindowRules?.Advice(Current.Manifest.Id, windows.Value);

    /// <exception cref="InvalidOperationException">No model is loaded yet.</exception>
    public ActiveModel Current => _current ?? throw new InvalidOperationException("No model is loaded.");

    /// <summary>Verifies and loads a package and replaces the current model. If that fails, the current model stays.</summary>
    /// <exception cref="PackageRefusedException">The package is invalid; the message names the file.</exception>
    public void Activate(string directory)
    {
        var loaded = ActiveModel.Load(directory, options.Value, logger, withItems);
        _current = loaded; // the old model is freed after the last batch that uses it
        LogActivated(loaded.Manifest.Id, loaded.Provider, loaded.Manifest.Dimension);
        if (WindowAdvice is { } advice)
            LogOtherWindows(advice);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Model {Model} is loaded on {Provider}, dimension {Dimension}")]
    private partial void LogActivated(string model, ModelProvider provider, int dimension);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Windows are not those that the model was measured with. {Advice}")]
    private partial void LogOtherWindows(string advice);
}
