using System.Runtime.CompilerServices;

namespace ProfileService.Tests;

/// <summary>
/// Processes that tests start live for seconds. Code that the runtime compiles a second time meanwhile is hardly run any more, and costs a
/// fifth of their processor time; therefore it waits for four seconds in which nothing new is compiled. The tests' own process is not changed.
/// </summary>
internal static class ShortProcesses
{
    private const string Milliseconds = "1000"; // hexadecimal, as the runtime reads its numbers: 4,096

    [ModuleInitializer]
    internal static void Inherit() => Environment.SetEnvironmentVariable("DOTNET_TC_CallCountingDelayMs", Milliseconds);
}
