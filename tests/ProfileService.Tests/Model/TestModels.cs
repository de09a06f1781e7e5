using ProfileService.Model;

namespace ProfileService.Tests.Model;

/// <summary>Stamps of the packages that tests start services with.</summary>
internal static class TestModels
{
    public static ModelStamp Tiny { get; } = Of(Repository.TinyPackage);

    public static ModelStamp Starter { get; } = Of(Repository.StarterPackage);

    public static ModelStamp Of(string package) => ModelStamp.Of(ModelPackage.Read(package).Manifest);
}
