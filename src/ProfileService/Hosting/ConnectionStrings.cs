using Microsoft.Extensions.Options;

namespace ProfileService.Hosting;

/// <summary>Names connection strings that cannot be read, without repeating them: they may hold passwords.</summary>
internal sealed class ConnectionStrings(IConfiguration configuration) : IValidateOptions<HostingOptions>
{
    public ValidateOptionsResult Validate(string? name, HostingOptions options)
    {
        var wrong = Problems(RedisConnection.Name, RedisConnection.Problem).Concat(Problems(PostgresConnection.Name, PostgresConnection.Problem)).ToList();
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }

    private IEnumerable<string> Problems(string server, Func<string, string?> problem)
    {
        if (configuration.GetConnectionString(server) is { Length: > 0 } given && problem(given) is { } reason)
            yield return $"ConnectionStrings:{server} cannot be read: {reason}";
    }
}
