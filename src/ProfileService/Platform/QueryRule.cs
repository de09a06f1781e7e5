using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Primitives;

namespace ProfileService.Platform;

/// <summary>
/// What the query of a route may contain: the parameters that its handler declares, of its type, and once unless it is a list. Anything
/// else is answered with 400.
/// </summary>
internal sealed class QueryRule
{
    private const int MaxTold = 8; // errors in one answer

    private static readonly ConditionalWeakTable<RouteEndpoint, QueryRule> Known = [];

    private readonly QueryParameter[] _parameters;

    private QueryRule(RouteEndpoint endpoint) => _parameters =
    [
        .. endpoint.Metadata.GetOrderedMetadata<IParameterBindingMetadata>()
            .Where(p => IsOfText(p) && endpoint.RoutePattern.GetParameter(p.Name) is null)
            .Select(p => new QueryParameter(p.ParameterInfo)),
    ];

    /// <summary>Returns the errors of the query as one problem, the first <see cref="MaxTold"/>; null if there are none.</summary>
    public static ProblemHttpResult? ProblemOf(RouteEndpoint endpoint, IQueryCollection query) =>
        query.Count == 0 ? null : Known.GetValue(endpoint, e => new QueryRule(e)).ProblemOf(query);

    private ProblemHttpResult? ProblemOf(IQueryCollection query)
    {
        var wrong = query.Select(given => ProblemOf(given.Key, given.Value)).OfType<(string Field, string Code, string Detail)>()
            .Take(MaxTold).ToList();
        return wrong.Count > 0 ? Problems.Bad(wrong[0].Code, wrong[0].Field, string.Join(' ', wrong.Select(p => p.Detail))) : null;
    }

    private (string Field, string Code, string Detail)? ProblemOf(string name, StringValues given)
    {
        if (Array.Find(_parameters, p => p.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } parameter)
            return parameter.ProblemOf(given) is var (code, detail) ? (parameter.Name, code, detail) : null;
        var shown = ShortText.Of(name);
        var what = name.Length == 0 ? "A parameter without a name" : shown;
        return (shown, ErrorCodes.UnknownParameter, $"{what} is not a parameter of this address, {KnownParameters(shown)}.");
    }

    private string KnownParameters(string name) => _parameters.Length == 0
        ? "which has no query parameters"
        : $"which has {string.Join(", ", Nearest.InOrder(name, _parameters.Select(p => p.Name)))}";

    // False for services and for values that are bound from the whole request.
    private static bool IsOfText(IParameterBindingMetadata parameter) =>
        parameter.HasTryParse || parameter.ParameterInfo.ParameterType is var type && (type == typeof(string) || type == typeof(string[]));
}
