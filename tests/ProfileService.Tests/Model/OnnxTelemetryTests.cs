using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging.Abstractions;
using ProfileService.Model;

namespace ProfileService.Tests.Model;

public sealed class OnnxTelemetryTests
{
    [Fact]
    public void NativeCodeSeesThatTelemetryIsOffOnceAProviderIsChosen()
    {
        ExecutionProvider.Choose(new ModelOptions(), NullLogger.Instance).Session.Dispose();
        Assert.Equal("1", Marshal.PtrToStringUTF8(Get(OnnxTelemetry.Variable)));
    }

    [DllImport("libc", EntryPoint = "getenv", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern nint Get(string name);
}
