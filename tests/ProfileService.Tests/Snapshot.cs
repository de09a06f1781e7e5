namespace ProfileService.Tests;

/// <summary>Files that others build on. They follow from the code, and change only when someone accepts the change.</summary>
internal static class Snapshot
{
    private const string Accept = "ACCEPT_CHANGES"; // eng/accept sets it

    public static void Matches(string path, string text)
    {
        var file = Repository.Path(path);
        if (Environment.GetEnvironmentVariable(Accept) is not null)
            File.WriteAllText(file, text);
        var accepted = File.Exists(file) ? File.ReadAllText(file) : "";
        Assert.True(
            accepted == text,
            $"{path} is not what the code says, from line {FirstDifference(accepted, text)} on. "
            + "If the change is meant, run eng/accept and commit the file.");
    }

    private static int FirstDifference(string accepted, string text) =>
        1 + accepted.Split('\n').Zip(text.Split('\n')).TakeWhile(lines => lines.First == lines.Second).Count();
}
