using System.CommandLine;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ProfileService.Cli.CommandLine;
using ProfileService.Host;
using ProfileService.Platform;
using ProfileService.Platform.Settings;

namespace ProfileService.Cli.Stores;

/// <summary>
/// Parts of the service in the process of a command, which uses the stores directly, with the service's settings: appsettings.json in the
/// working directory, environment variables, or arguments after <c>--</c>.
/// </summary>
internal static class ServiceParts
{
    public static Argument<string[]> Settings() => new("SETTINGS")
    {
        Description = "The service's settings, after --, such as -- --Data:Directory=/var/lib/profiles. "
            + "The environment and appsettings.json count, too.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    /// <summary>Refuses a setting in the place of an argument that was forgotten.</summary>
    public static Argument<string> BeforeSettings(this Argument<string> argument)
    {
        argument.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var given }] && given.StartsWith("--", StringComparison.Ordinal))
                result.AddError($"{argument.Name} is missing. It comes first, then -- and the settings: {argument.Name} -- {given}");
        });
        return argument;
    }

    /// <summary>Does the work with the parts; nothing of them is started.</summary>
    /// <param name="stopped">Beginning of the line that explains a failure.</param>
    /// <param name="add">Registers the parts.</param>
    /// <param name="mayCreate">Whether the folder of the stores is made if it is not there.</param>
    /// <returns>The exit code of the work; 1 if settings or stores prevent it.</returns>
    public static async Task<int> UseAsync(
        string[] settings,
        string stopped,
        Action<WebApplicationBuilder> add,
        Func<IServiceProvider, Task<int>> work,
        bool mayCreate = false)
    {
        try
        {
            var builder = ServiceBuilder.Create(settings);
            add(builder.AddHosting());
            if (!mayCreate)
                LeaveFolderAsItIs(builder.Services);
            builder.Host.UseDefaultServiceProvider(services => services.ValidateOnBuild = false); // not every part is registered
            builder.Logging.SetMinimumLevel(LogLevel.Warning);
            builder.CheckSettings();
            await using var app = builder.Build();
            return await work(app.Services);
        }
        catch (Exception e) when (e is CommandException || StartFailure.Explain(e) is not null)
        {
            Terminal.Fail($"{stopped}: {string.Join(' ', StartFailure.Explain(e) ?? [e.Message])}");
            return 1;
        }
    }

    // The check of the folder makes it, and a file in it.
    private static void LeaveFolderAsItIs(IServiceCollection services)
    {
        foreach (var check in services.Where(part => part.ImplementationType == typeof(DataFolder)).ToList())
            services.Remove(check);
    }
}
