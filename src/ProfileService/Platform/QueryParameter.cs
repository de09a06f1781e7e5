using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Primitives;

namespace ProfileService.Platform;

/// <summary>A query parameter that a route's handler declares.</summary>
internal sealed class QueryParameter(ParameterInfo declared)
{
    private readonly RangeAttribute? _range = declared.GetCustomAttribute<RangeAttribute>();

    public string Name { get; } = declared.Name!;

    private Type Type { get; } = Nullable.GetUnderlyingType(declared.ParameterType) ?? declared.ParameterType;

    /// <summary>Returns what is wrong with the given values, or null.</summary>
    public (string Code, string Detail)? ProblemOf(StringValues given)
    {
        if (Type == typeof(string[]))
            return null;
        if (given.Count > 1)
            return ("repeated_parameter", $"{Name} is given {given.Count} times. Give it once.");
        if (Type != typeof(bool) && Type != typeof(int))
            return null;
        if (string.IsNullOrEmpty(given[0]))
            return (ErrorCodes.WrongType, $"{Name} is empty. It must be {Expected}; leave it out for the default.");
        var code = Type == typeof(bool) ? CodeOfFlag(given[0]!) : CodeOfNumber(given[0]!);
        return code is null ? null : (code, $"{Name} must be {Expected}.");
    }

    private static string? CodeOfFlag(string text) => bool.TryParse(text, out _) ? null : ErrorCodes.WrongType;

    private string? CodeOfNumber(string text)
    {
        if (!long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number))
            return ErrorCodes.WrongType;
        var isInt = number is >= int.MinValue and <= int.MaxValue;
        return isInt && _range?.IsValid((int)number) != false ? null : ErrorCodes.OutOfRange;
    }

    private string Expected => Type == typeof(bool) ? "true or false"
        : _range is null ? "a whole number"
        : $"a whole number, {_range.Minimum:N0} to {_range.Maximum:N0}";
}
