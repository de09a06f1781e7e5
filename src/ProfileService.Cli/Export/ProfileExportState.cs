using System.Text;
using System.Text.Json;
using ProfileService.Cli.CommandLine;
using ProfileService.Cli.Output;

namespace ProfileService.Cli.Export;

/// <summary>How far an export of profiles is; at its end, what it was.</summary>
/// <param name="Service">Address of the service that the profiles are of.</param>
/// <param name="Cursor">From where to follow the changes; of the first page.</param>
/// <param name="Model">Name and version of the model of all vectors.</param>
/// <param name="After">The last user; null at the start and at the end.</param>
/// <param name="Lengths">Lengths of the files up to that user, in bytes.</param>
/// <param name="Files">At the end, the files that this is said of.</param>
/// <param name="Digest">Tells the model from another package of the same name and version; null if it is unknown.</param>
internal sealed record ProfileExportState(
    string? Service = null,
    string? Cursor = null,
    string? Model = null,
    int Dimension = 0,
    long Profiles = 0,
    string? After = null,
    long[]? Lengths = null,
    string[]? Files = null,
    string? Digest = null)
{
    /// <summary>Reads a file; a new state if there is none.</summary>
    /// <exception cref="CommandException">The file is damaged.</exception>
    public static ProfileExportState Read(string path)
    {
        try
        {
            return File.Exists(path)
                ? JsonSerializer.Deserialize<ProfileExportState>(File.ReadAllText(path), JsonSerializerOptions.Web) ?? new()
                : new();
        }
        catch (JsonException e)
        {
            throw new CommandException($"{path} is damaged. Delete it, and the export begins anew.", e);
        }
    }

    public void Write(string path)
    {
        var part = $"{path}.new";
        File.Delete(part);
        using (var writer = new StreamWriter(part, new UTF8Encoding(), OutputFile.Options()))
            writer.WriteLine(JsonSerializer.Serialize(this, JsonSerializerOptions.Web));
        File.Move(part, path, overwrite: true);
    }
}
