namespace ProfileService.Model;

/// <summary>What the model computes from a window and attributes is not finite. The response is 500; the message says why.</summary>
internal sealed class NotFiniteException() : Exception(
    "The model computes numbers that are not finite from these events and attributes: a value among them, or an item's content, is too " +
    "large for it, or its graph has a fault. Correct the value, or activate another model package. The log has the trace id.")
{
    /// <summary>Code of the problem.</summary>
    public const string Code = "not_finite";
}
