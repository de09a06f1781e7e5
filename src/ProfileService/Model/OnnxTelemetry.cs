using System.Runtime.InteropServices;

namespace ProfileService.Model;

/// <summary>
/// ONNX Runtime reports its use to Microsoft (mobile.events.data.microsoft.com) unless the environment says otherwise before its
/// library is loaded. Nothing leaves this process unasked, so it says so.
/// </summary>
internal static class OnnxTelemetry
{
    public const string Variable = "ORT_DISABLE_TELEMETRY";

    public static void Disable()
    {
        Environment.SetEnvironmentVariable(Variable, "1");
        if (!OperatingSystem.IsWindows())
            _ = SetNative(Variable, "1", overwrite: 1); // .NET's own environment is a copy that native code does not see
    }

    [DllImport("libc", EntryPoint = "setenv", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern int SetNative(string name, string value, int overwrite);
}
