namespace ProfileService.Model;

/// <summary>What a package knows of items.</summary>
/// <param name="Neighbours">Null if the package has none.</param>
/// <param name="Likings">Null if the package has none.</param>
internal sealed record PackageItems(ItemVectors Vectors, ItemNeighbours? Neighbours = null, ItemLikings? Likings = null)
{
    /// <summary>Null if the package has no item vectors.</summary>
    public static PackageItems? Of(ModelPackage package, Vocabulary vocabulary) =>
        ItemVectors.Of(package, vocabulary) is { } vectors
            ? new PackageItems(vectors, ItemNeighbours.Of(package), ItemLikings.Of(package))
            : null;

    /// <exception cref="PackageRefusedException">A file is not valid.</exception>
    public static void Verify(ModelPackage package)
    {
        Verify(package, ItemVectors.FileName, ItemVectors.Problem(package));
        Verify(package, ItemNeighbours.FileName, ItemNeighbours.Problem(package));
        Verify(package, ItemLikings.FileName, ItemLikings.Problem(package));
    }

    private static void Verify(ModelPackage package, string file, string? problem)
    {
        if (problem is not null)
            throw new PackageRefusedException(Path.Combine(package.Directory, file), problem);
    }
}
