using System.Runtime.InteropServices;

namespace ProfileService.Model;

/// <summary>
/// Disables the telemetry of ONNX Runtime. It reports its use to Microsoft (mobile.events.data.microsoft.com) unless an environment
/// variable is set before its library is loaded.
/// </summary>
internal static class OnnxTelemetry
{
    public const string Variable = "ORT_DISABLE_TELEMETRY";

    public static void Disable()
    {
        Environment.SetEnvironmentVariable(Variable, "1");
        if (!OperatingSystem.IsWindows())
            _ = SetNative(Variable, "1", overwrite: 1); // native code does not see .NET's copy of the environment
    }

    [DllImport("libc", EntryPoint = "setenv", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern int SetNative(string name, string value, int overwrite);
}
