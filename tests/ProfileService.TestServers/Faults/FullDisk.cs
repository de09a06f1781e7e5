namespace ProfileService.TestServers.Faults;

/// <summary>Fills a small disk to its last byte, and makes it free again.</summary>
internal static class FullDisk
{
    private const string Name = "filler";

    public static async Task FillAsync(string folder)
    {
        var chunk = new byte[4096];
        await using var filler = File.Create(Path.Combine(folder, Name), bufferSize: 0);
        try
        {
            while (true)
                await filler.WriteAsync(chunk);
        }
        catch (IOException) // no space is left
        {
        }
    }

    public static void Free(string folder) => File.Delete(Path.Combine(folder, Name));
}
