using ProfileService.Cli.CommandLine;

namespace ProfileService.Cli.Input;

/// <summary>Reads ids, one a line. A line is an id as it is: spaces are part of it.</summary>
internal static class IdLines
{
    /// <param name="path">A file, or <c>-</c> for standard input.</param>
    /// <exception cref="CommandException">The input cannot be opened.</exception>
    /// <exception cref="InvalidDataException">The input is not UTF-8 text, or a damaged gzip file.</exception>
    public static IReadOnlyList<(long Number, string Text)> Read(string path)
    {
        using var input = InputText.Open(path);
        using var text = input.OpenReader();
        return [.. new TextRecords(text, input.Name).WholeLines()];
    }
}
