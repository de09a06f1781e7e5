namespace ProfileService.Model;

/// <summary>The process has another package than the active one; answered 503. The message says what to do.</summary>
internal sealed class OtherModelException(string message) : Exception(message)
{
    /// <summary>Of the problem.</summary>
    public const string Code = "other_model";
}
