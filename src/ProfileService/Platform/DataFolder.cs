using Microsoft.Extensions.Options;

namespace ProfileService.Platform;

/// <summary>Finds out before anything starts whether the embedded stores can keep files in their folder.</summary>
internal sealed class DataFolder : IValidateOptions<DataOptions>
{
    public ValidateOptionsResult Validate(string? name, DataOptions options) =>
        options.Directory.Length > 0 && Problem(options.Directory) is { } problem
            ? ValidateOptionsResult.Fail($"Data:Directory = '{options.Directory}' {problem}")
            : ValidateOptionsResult.Success;

    private static string? Problem(string folder)
    {
        if (Parents(folder).FirstOrDefault(File.Exists) is { } file)
            return $"is not a folder: {file} is a file. Name another folder.";
        try
        {
            Directory.CreateDirectory(folder);
            using var probe = new FileStream(Path.Combine(folder, $".probe-{Guid.NewGuid():N}"), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return $"cannot be written: {e.Message} Let the account that runs the service write there, or name another folder.";
        }
    }

    private static IEnumerable<string> Parents(string folder)
    {
        for (var at = Path.GetFullPath(folder); at is not null; at = Path.GetDirectoryName(at))
            yield return Path.TrimEndingDirectorySeparator(at);
    }
}
