using ProfileService.Model;

namespace ProfileService.Benchmarks.Setup;

/// <summary>The model packages of the benchmarks (src/training/reference_packages.py); d 64, weights of a seed.</summary>
internal static class ReferencePackage
{
    /// <summary>Two layers, of which each computes every position.</summary>
    public const string Plain = "tests/packages/reference/two-plain";

    /// <summary>The same weights as training exports them.</summary>
    public const string Served = "tests/packages/reference/two-served";

    /// <summary>One layer, likewise.</summary>
    public const string PlainOneLayer = "tests/packages/reference/one-plain";

    public const string ServedOneLayer = "tests/packages/reference/one-served";

    /// <summary>The package that ships.</summary>
    public static readonly string Shipped = new ModelOptions().Package;
}
