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

    public bool Has(string name) => System.IO.File.Exists(Path.Combine(Directory, name));

    public string File(string name) => Path.Combine(Folder().FullName, name);

    /// <summary>
    /// The folder, which is made if it is not there. Only the service's own account gets into one that the service makes.
    /// </summary>
    public DirectoryInfo Folder() => OperatingSystem.IsWindows() || System.IO.Directory.Exists(Directory)
        ? System.IO.Directory.CreateDirectory(Directory)
        : System.IO.Directory.CreateDirectory(Directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
}
