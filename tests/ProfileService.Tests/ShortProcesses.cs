using System.Runtime.CompilerServices;

namespace ProfileService.Tests;

/// <summary>
/// Processes that tests start live for seconds. Code that the runtime compiles a second time meanwhile is hardly run any more, and costs a
/// fifth of their processor time; therefore it waits for a second in which nothing new is compiled. The tests' own process is not changed.
/// </summary>
internal static class ShortProcesses
{
    [ModuleInitializer]
    internal static void Inherit() => Environment.SetEnvironmentVariable("DOTNET_TC_CallCountingDelayMs", "1000");
}
