namespace ProfileService.Model;

/// <summary>A model package is invalid: which file, and why.</summary>
internal sealed class PackageRefusedException(string file, string reason, Exception? inner = null)
    : Exception($"Model package refused: {file}: {reason}", inner)
{
    /// <summary>Path of the file at fault.</summary>
    public string File => file;

    public string Reason => reason;
}
