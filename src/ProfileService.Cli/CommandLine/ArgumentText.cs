using System.Text;

namespace ProfileService.Cli.CommandLine;

/// <summary>Detects arguments that are not UTF-8. .NET replaces what it cannot read, so that an id would be that of another.</summary>
internal static class ArgumentText
{
    private const string Given = "/proc/self/cmdline";

    /// <summary>Whether the arguments are what was given; true where that cannot be seen.</summary>
    public static bool IsWhole(string[] arguments)
    {
        if (!arguments.Any(a => a.Contains('\uFFFD', StringComparison.Ordinal)) || !File.Exists(Given))
            return true;
        try
        {
            new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetCharCount(File.ReadAllBytes(Given));
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
