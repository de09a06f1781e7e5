using Microsoft.Extensions.Options;

namespace ProfileService.Platform;

/// <summary>Reports errors in the connection strings without repeating their values, which may contain passwords.</summary>
internal sealed class ConnectionStrings : IValidateOptions<ConnectionOptions>
{
    public ValidateOptionsResult Validate(string? name, ConnectionOptions options)
    {
        var wrong = Problems(RedisConnection.Name, options.Redis, RedisKeywords.Problems)
            .Concat(Problems(PostgresConnection.Name, options.Postgres, PostgresKeywords.Problems)).ToList();
        if (wrong.Count == 0
            && options.RedisRootCertificate is { Length: > 0 } file
            && RedisTls.Problem(options.Redis, file) is { } problem)
            wrong.Add($"ConnectionStrings:{nameof(options.RedisRootCertificate)} {problem}");
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }

    private static IEnumerable<string> Problems(string server, string? given, Func<string, IEnumerable<string>> problems) =>
        string.IsNullOrEmpty(given) ? [] : problems(given).Select(problem => $"ConnectionStrings:{server} cannot be read: {problem}");
}
