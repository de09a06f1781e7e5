using System.Text;
using System.Text.Json;

namespace ProfileService.Cli;

/// <summary>Writes an export beside its place, and moves it there when it is whole, so that no half of one looks like it.</summary>
internal static class ExportFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static async Task WriteAsync(FileInfo file, IAsyncEnumerable<JsonElement> lines)
    {
        var part = $"{file.FullName}.part";
        File.Delete(part); // what a former run left there may be readable by others
        try
        {
            await using (var writer = new StreamWriter(part, new UTF8Encoding(), Options()))
            {
                await foreach (var line in lines)
                    await writer.WriteLineAsync(line.GetRawText());
            }

            File.Move(part, file.FullName, overwrite: true);
        }
        finally
        {
            File.Delete(part);
        }
    }

    public static FileStreamOptions Options()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        return options;
    }
}
