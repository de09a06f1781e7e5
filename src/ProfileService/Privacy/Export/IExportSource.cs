namespace ProfileService.Privacy.Export;

/// <summary>A place where data of users lies, as an export reads it. <see cref="ExportSetup"/> lists all of them.</summary>
internal interface IExportSource
{
    /// <summary>
    /// Reads the user's data, or begins to. Each section stands for one moment: its lines are as many as its count says. The same names
    /// are returned for every user.
    /// </summary>
    Task<IReadOnlyList<ExportSection>> OpenAsync(string userId, CancellationToken cancellationToken);
}
