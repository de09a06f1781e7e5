namespace ProfileService.TestServers.Common;

/// <summary>A folder that goes with the test.</summary>
internal sealed class TempDirectory : IDisposable
{
    private const int MaxTries = 10;

    public string Path { get; } = Directory.CreateTempSubdirectory("profiles-test-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <remarks>
    /// A read whose answer nobody waited for any more may open a database just after the service has stopped. It makes files, which the
    /// next try sees.
    /// </remarks>
    public void Dispose()
    {
        for (var tries = 1; Directory.Exists(Path); tries++)
        {
            try
            {
                Directory.Delete(Path, recursive: true);
            }
            catch (IOException) when (tries < MaxTries)
            {
            }
        }
    }
}
