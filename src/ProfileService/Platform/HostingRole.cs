namespace ProfileService.Platform;

/// <summary>Which part of the service a process runs. API and refresh can be scaled separately.</summary>
internal enum HostingRole
{
    /// <summary>API and refresh.</summary>
    All,

    /// <summary>The API. Due users are left to other processes, except those that a lookup requests fresh.</summary>
    Api,

    /// <summary>The refresh. Only health and status are served.</summary>
    Refresh,
}
