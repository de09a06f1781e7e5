using System.ComponentModel.DataAnnotations;
using ProfileService.Platform.Settings;

namespace ProfileService.Platform;

/// <summary>Section <c>Data</c>: where the embedded stores keep their files.</summary>
[Section("Data")]
internal sealed class DataOptions
{
    /// <summary>
    /// Folder of the SQLite files, relative to the working directory. It is created if it does not exist. Default <c>./data</c>.
    /// </summary>
    [Required]
    public string Directory { get; set; } = "./data";

    public string File(string name) => Path.Combine(System.IO.Directory.CreateDirectory(Directory).FullName, name);
}
