using Microsoft.Extensions.Options;

namespace ProfileService.Platform;

/// <summary>Checks at start that the embedded stores can write files to their folder.</summary>
internal sealed class DataFolder : IValidateOptions<DataOptions>
{
    public ValidateOptionsResult Validate(string? name, DataOptions options) =>
        options.Directory.Length > 0 && Problem(options) is { } problem
            ? ValidateOptionsResult.Fail($"Data:Directory = '{options.Directory}' {problem}")
            : ValidateOptionsResult.Success;

    private static string? Problem(DataOptions options)
    {
        var folder = options.Directory;
        if (Parents(folder).FirstOrDefault(File.Exists) is { } blocking)
            return $"is not a folder: {blocking} is a file. Name another folder.";
        try
        {
            options.Folder();
            var file = Path.Combine(folder, $".probe-{Guid.NewGuid():N}");
            using var probe = new FileStream(file, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return $"cannot be written: {e.Message} Grant write access to the account that runs the service, or name another folder.";
        }
    }

    private static IEnumerable<string> Parents(string folder)
    {
        for (var at = Path.GetFullPath(folder); at is not null; at = Path.GetDirectoryName(at))
            yield return Path.TrimEndingDirectorySeparator(at);
    }
}
