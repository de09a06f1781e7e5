namespace ProfileService.Platform;

/// <summary>What of the service a process does, so that doors and refresh can be scaled apart.</summary>
internal enum HostingRole
{
    /// <summary>Everything.</summary>
    All,

    /// <summary>The doors; users that come to be due are left to others, but for those that a lookup asks to be fresh.</summary>
    Api,

    /// <summary>The refresh; of the doors only health and status.</summary>
    Refresh,
}
