namespace ProfileService.TestServers.Common;

/// <summary>A file of a server that runs: it may be removed or grow shorter while it is read.</summary>
internal static class LiveFile
{
    /// <summary>Its bytes; none if it was removed since it was found.</summary>
    public static byte[] Read(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new MemoryStream();
            file.CopyTo(bytes);
            return bytes.ToArray();
        }
        catch (FileNotFoundException)
        {
            return [];
        }
    }
}
