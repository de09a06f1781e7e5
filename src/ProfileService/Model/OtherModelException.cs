namespace ProfileService.Model;

/// <summary>The package of this process is not the active one. The response is 503; the message says what to do.</summary>
internal sealed class OtherModelException(string message) : Exception(message)
{
    /// <summary>Code of the problem.</summary>
    public const string Code = "other_model";
}
