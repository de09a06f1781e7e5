namespace ProfileService.TestServers.Common;

/// <summary>Files of the repository that the tests use as they stand.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>A small package with vocabulary encodings and item vectors.</summary>
    public static string TinyPackage => Path("tests/packages/tiny/1");

    /// <summary>A small package that takes content vectors of 6 numbers.</summary>
    public static string ContentPackage => Path("tests/packages/content/1");

    /// <summary>A small package whose profile has three parts; it takes the time.</summary>
    public static string PartsPackage => Path("tests/packages/parts/1");

    /// <summary>The package that ships; hash encodings.</summary>
    public static string StarterPackage => Path("models/starter/3");

    /// <summary>The sentiment package that ships.</summary>
    public static string SentimentPackage => Path("models/sentiment/5");

    /// <summary>A built program of the solution, of the configuration that the tests were built in.</summary>
    /// <param name="framework">Of a project that is built for several.</param>
    public static string Program(string project, string file, string? framework = null) =>
        System.IO.Path.GetFullPath(System.IO.Path.Combine(AppContext.BaseDirectory, "..", "..", project, framework is null ? Configuration : $"{Configuration}_{framework}", file));

    public static string Path(string relative) => System.IO.Path.Combine(Root, relative);

    private static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Name;

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!System.IO.File.Exists(System.IO.Path.Combine(folder.FullName, "ProfileService.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("The tests must run from inside the repository.");
        return folder.FullName;
    }
}
