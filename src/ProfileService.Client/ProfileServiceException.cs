using System.Net;

namespace ProfileService.Client;

/// <summary>The service refused a request, or what answered is not a ProfileService.</summary>
public sealed class ProfileServiceException : Exception
{
    internal ProfileServiceException(string message, HttpStatusCode status, Exception? inner = null)
        : base(message, inner) => Status = status;

    /// <summary>
    /// 400 and 409: the request is wrong, as <see cref="Detail"/> says. 429 and 503: the service was busy at each attempt.
    /// </summary>
    public HttpStatusCode Status { get; }

    /// <summary>The status in words; null if the answer does not say.</summary>
    public string? Title { get; internal init; }

    /// <summary>For people: what is wrong, and what would be right; null if the answer does not say.</summary>
    public string? Detail { get; internal init; }

    /// <summary>For programs, such as <c>missing_field</c>; null if the answer does not say.</summary>
    public string? Code { get; internal init; }

    /// <summary>The field, parameter or header at fault; null if there is none.</summary>
    public string? Field { get; internal init; }

    /// <summary>How long the service asks to wait before the request is sent again; null if it does not.</summary>
    public TimeSpan? RetryAfter { get; internal init; }

    /// <summary>Why each of the entries sent was rejected; empty if that is not the reason.</summary>
    public IReadOnlyList<EntryProblem> Problems { get; internal init; } = [];
}
