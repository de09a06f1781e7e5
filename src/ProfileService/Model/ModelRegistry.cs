namespace ProfileService.Model;

/// <summary>
/// Which model is active on the stores, and whether it is the package of this process: the one place that knows both. Only a process whose package is
/// active computes; every other answers with stored profiles by the active model. Who changes it is RolloutWorker.
/// </summary>
internal sealed partial class ModelRegistry(ModelSlot models, ILogger<ModelRegistry> logger)
{
    private readonly Lock _seeing = new();
    private volatile ModelStamp? _active;
    private volatile ModelStanding _standing;

    public ModelStamp Own => models.Current.Stamp;

    /// <summary>The model whose profiles are answered; this process's own where the stores name none yet.</summary>
    public ModelStamp Active => _active ?? Own;

    public ModelStanding Standing => _standing;

    /// <summary>Whether this process may compute profiles, and whatever else it takes the active package to compute.</summary>
    public bool IsOwn => _standing == ModelStanding.Active;

    /// <summary>What is wrong and what to do; null where this process's package is the active one, or is about to be.</summary>
    public string? Advice => _standing switch
    {
        ModelStanding.Other =>
            $"Model:Package is {Own}, but the active model of these stores is {Active}. Set Model:Package to the folder of {Active.Id} and restart; "
            + $"to make {Own.Id} the active model instead, start one process with Model:Activate=true.",
        ModelStanding.Superseded =>
            $"{Active} was made the active model in place of {Own}, which this process has: it computes no profiles any more. "
            + $"Restart it with Model:Package set to the folder of {Active.Id}.",
        _ => null,
    };

    /// <exception cref="OtherModelException">What is to be done takes the active package, which this process does not have.</exception>
    public void ThrowUnlessOwn()
    {
        if (Advice is { } advice)
            throw new OtherModelException(advice);
    }

    /// <exception cref="OtherModelException">This process was started with another package than the active one, and is not ready.</exception>
    public void ThrowIfOther()
    {
        if (_standing == ModelStanding.Other)
            ThrowUnlessOwn();
    }

    /// <summary>Takes note of what the stores say.</summary>
    /// <param name="active">Null where they name none: whoever starts next does.</param>
    public void See(ModelStamp? active)
    {
        lock (_seeing)
        {
            if (active is null)
                return;
            var before = _standing;
            _active = Own.Is(active) ? Own : active;
            _standing = Own.Is(active) ? ModelStanding.Active : before is ModelStanding.Active or ModelStanding.Superseded ? ModelStanding.Superseded : ModelStanding.Other;
            if (_standing != before)
                Log();
        }
    }

    /// <summary>As <see cref="See"/>, of a start that is about to activate its own: what it finds is no fault.</summary>
    public void Foresee(ModelStamp? active) => _active = active;

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

/// <summary>What a process's package is to the stores.</summary>
internal enum ModelStanding
{
    /// <summary>Not known yet, or about to be activated.</summary>
    Starting,

    /// <summary>The active model.</summary>
    Active,

    /// <summary>It was active until another was made so.</summary>
    Superseded,

    /// <summary>Another was active when the process started, and still is.</summary>
    Other,
}
