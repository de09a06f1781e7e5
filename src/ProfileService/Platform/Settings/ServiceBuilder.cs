using Microsoft.Extensions.Options;

namespace ProfileService.Platform.Settings;

/// <summary>
/// Creates the application builder from arguments, environment and files, and registers a check of every setting's name at start.
/// </summary>
internal static class ServiceBuilder
{
    // Settings are read once. Watching their folder, which may also contain the data, took a seventh of the CPU time of a busy service.
    private const string NoReload = "--hostBuilder:reloadConfigOnChange=false";

    /// <exception cref="OptionsValidationException">The files of the settings cannot be read.</exception>
    public static WebApplicationBuilder Create(IReadOnlyList<string> args)
    {
        var arguments = Arguments.Parse(args);
        var builder = CreateFrom([.. arguments.Settings, NoReload]);
        var problems = new List<string>(arguments.Problems);
        problems.AddRange(SecretFiles.Read(builder.Configuration));
        problems.AddRange(Unknown(builder.Configuration));
        problems.AddRange(FrameworkValues.Problems(builder.Configuration));
        builder.Services.AddSingleton(builder.Configuration).AddOptions<GivenNames>().ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<GivenNames>>(new GivenNames(problems));
        return builder;
    }

    private static WebApplicationBuilder CreateFrom(string[] arguments)
    {
        try
        {
            return WebApplication.CreateBuilder(arguments);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException or FormatException)
        {
            throw new OptionsValidationException("", typeof(GivenNames), [$"The settings cannot be read: {string.Join(' ', Messages(e))}"]);
        }
    }

    private static IEnumerable<string> Messages(Exception? e) => e switch
    {
        null => [],
        DirectoryNotFoundException => [$"There is no folder {e.Message}."], // of PhysicalFileProvider, whose message is the path
        _ => Messages(e.InnerException).Prepend(e.Message),
    };

    private static IEnumerable<string> Unknown(ConfigurationManager configuration) => (
        from source in SettingSource.All(configuration)
        from name in source.Names
        where !SettingNames.IsKnown(name)
        select SettingNames.Unknown(name, source.Describe(name))).Distinct();

    private sealed class GivenNames(IReadOnlyList<string> problems) : IValidateOptions<GivenNames>
    {
        public GivenNames()
            : this([])
        {
        }

        public ValidateOptionsResult Validate(string? name, GivenNames options) =>
            problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
