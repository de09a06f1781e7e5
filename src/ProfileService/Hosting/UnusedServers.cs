using Microsoft.Extensions.Options;

namespace ProfileService.Hosting;

/// <summary>Refuses the address of a server that this version would not use, instead of quietly keeping the data elsewhere.</summary>
internal sealed class UnusedServers(IConfiguration configuration) : IValidateOptions<DataOptions>
{
    public ValidateOptionsResult Validate(string? name, DataOptions options)
    {
        var named = ((string[])["Redis", "Postgres"]).Where(server => !string.IsNullOrEmpty(configuration.GetConnectionString(server))).ToList();
        return named.Count == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(named.Select(server => $"ConnectionStrings:{server} is set, but windows and profiles are kept in SQLite under Data:Directory; remove the setting."));
    }
}
