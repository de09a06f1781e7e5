namespace ProfileService.Model;

/// <summary>
/// Knows which model is active on the stores, and whether it is the package of this process. Only a process whose package is active
/// computes profiles; every other process serves the stored profiles of the active model. RolloutWorker changes the active model.
/// </summary>
internal sealed partial class ModelRegistry(ModelSlot models, ILogger<ModelRegistry> logger)
{
    private readonly Lock _lock = new();
    private volatile ModelStamp? _active;
    private volatile ModelStatus _status;
    private volatile Exception? _startFailure;

    public ModelStamp Own => models.Current.Stamp;

    /// <summary>The model whose profiles are served. The model of this process if the stores name none yet.</summary>
    public ModelStamp Active => _active ?? Own;

    public ModelStatus Status => _status;

    /// <summary>
    /// Whether this process's package is the active model. Only then may it compute profiles and other results of the model.
    /// </summary>
    public bool IsActive => _status == ModelStatus.Active;

    /// <summary>Why this process's package could not be activated yet; null otherwise.</summary>
    public Exception? StartFailure => _status == ModelStatus.Starting ? _startFailure : null;

    /// <summary>What is wrong and what to do; null if this process's package is active or about to be activated.</summary>
    public string? Advice => _status switch
    {
        ModelStatus.Other =>
            $"Model:Package is {Own}, but the active model of these stores is {Active}. "
            + "Set Model:Package to the folder of the active one and restart; "
            + "to make this process's package the active model instead, start one process with Model:Activate=true.",
        ModelStatus.Superseded =>
            $"{Active} replaced {Own}, the package of this process, as the active model: this process no longer computes profiles. "
            + "Restart it with Model:Package set to the folder of the active one.",
        _ => null,
    };

    /// <summary>The active model by what was just read from the stores, which may be newer than <see cref="Active"/>.</summary>
    /// <param name="named">Null if the stores name none.</param>
    public ModelStamp ActiveOf(ModelStamp? named) => named is null ? Active : Own.Is(named) ? Own : named;

    /// <exception cref="OtherModelException">The operation needs the active package, which this process does not have.</exception>
    public void ThrowUnlessActive()
    {
        if (Advice is { } advice)
            throw new OtherModelException(advice);
    }

    /// <exception cref="OtherModelException">This process was started with a package that was not active, and is not ready.</exception>
    public void ThrowIfOther()
    {
        if (_status == ModelStatus.Other)
            ThrowUnlessActive();
    }

    /// <summary>Updates the active model from the stores.</summary>
    /// <param name="active">Null if the stores name none; then nothing changes.</param>
    public void Update(ModelStamp? active)
    {
        lock (_lock)
        {
            if (active is null)
                return;
            var before = _status;
            _active = ActiveOf(active);
            _status = Own.Is(active) ? ModelStatus.Active
                : before is ModelStatus.Active or ModelStatus.Superseded ? ModelStatus.Superseded
                : ModelStatus.Other;
            if (_status != before)
                Log();
        }
    }

    /// <summary>Sets the active model before this process activates its own package. A different model is not an error then.</summary>
    public void Expect(ModelStamp? active) => _active = active;

    /// <summary>Notes that the active model could not be looked up or set.</summary>
    public void Failed(Exception failure) => _startFailure = failure;

    private void Log()
    {
        if (Advice is { } advice)
            LogOther(advice);
        else
            LogOwn(Own);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Advice}")]
    private partial void LogOther(string advice);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Model} is the active model")]
    private partial void LogOwn(ModelStamp model);
}

/// <summary>Relation of a process's package to the active model of the stores.</summary>
internal enum ModelStatus
{
    /// <summary>Unknown, or about to be activated.</summary>
    Starting,

    /// <summary>The package is the active model.</summary>
    Active,

    /// <summary>The package was active until another model was activated.</summary>
    Superseded,

    /// <summary>Another model was active when the process started, and still is.</summary>
    Other,
}
