using ProfileService.Cli.CommandLine;

namespace ProfileService.Cli.Output;

/// <summary>Follows links, as far as there is something.</summary>
internal static class RealPath
{
    private const int MaxLinks = 40; // as Linux follows

    /// <exception cref="CommandException">The links lead in a circle.</exception>
    public static string Of(string path)
    {
        if (OperatingSystem.IsWindows())
            return Path.GetFullPath(path);
        var (place, links) = ("/", 0);
        var rest = new Stack<string>();
        Push(Path.Combine(Environment.CurrentDirectory, path));
        while (rest.TryPop(out var name))
        {
            if (name is "" or ".")
                continue;
            var next = name == ".." ? Path.GetDirectoryName(place) ?? "/" : Path.Combine(place, name);
            if (name == ".." || new FileInfo(next).LinkTarget is not { } target)
            {
                place = next;
                continue;
            }

            if (++links > MaxLinks)
                throw new CommandException($"{path} is a link that leads in a circle. Name another file.");
            place = Path.IsPathRooted(target) ? "/" : place;
            Push(target);
        }

        return place;

        void Push(string parts) => Array.ForEach([.. parts.Split('/').Reverse()], rest.Push);
    }
}
