using System.Diagnostics;

namespace ProfileService.Tests.Client;

/// <summary>The TypeScript package as a user has it: built, packed and installed beside a program.</summary>
public sealed class TypeScriptPackage : IAsyncLifetime
{
    private const string TypeRoots = "eng/node/node_modules/@types";

    private readonly TempDirectory _folder = new();

    /// <summary>A folder of a program that has the package.</summary>
    public string Program => _folder.File("program");

    public async ValueTask InitializeAsync()
    {
        await Tool.RunAsync(Repository.Path("eng/npm"));
        var source = _folder.File("source");
        await Tool.RunAsync("cp", "-r", Repository.Path("clients/typescript"), source); // building leaves files behind
        var (generator, types) = (Module("openapi-typescript/bin/cli.js"), Path.Combine(source, "src/api.ts"));
        await Tool.RunAsync("node", generator, Repository.Path("docs/openapi.json"), "-o", types);
        await CompileAsync("-p", source);
        await Tool.RunAsync("npm", "pack", "--silent", source, "--pack-destination", _folder.Path);
        Directory.CreateDirectory(Program);
        await File.WriteAllTextAsync(Path.Combine(Program, "package.json"), """{ "private": true, "type": "module" }""");
        var packed = Directory.GetFiles(_folder.Path, "*.tgz").Single();
        await Tool.RunAsync("npm", "install", "--silent", "--offline", "--no-audit", "--no-fund", "--prefix", Program, packed);
    }

    /// <summary>Compiles files of the program, which then can be run.</summary>
    public static Task CompileAsync(params string[] arguments) =>
        Tool.RunAsync("node", [Module("typescript/bin/tsc"), .. arguments]);

    /// <summary>Arguments that compile a program's file as a careful user would.</summary>
    public static string[] Strictly(IEnumerable<string> files) =>
    [
        "--strict", "--exactOptionalPropertyTypes", "--target", "es2022", "--module", "nodenext", "--skipLibCheck", "false",
        "--typeRoots", Repository.Path(TypeRoots), "--types", "node", .. files,
    ];

    /// <summary>Runs Node in the program's folder; what it printed, if it ended well.</summary>
    public async Task<string> RunAsync(Uri service, params string[] arguments)
    {
        var start = Tool.StartInfo("node", arguments, Program);
        start.Environment["PROFILE_SERVICE"] = service.ToString();
        using var process = Process.Start(start)!;
        var (output, told) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"{await output}{await told}");
        return await output;
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private static string Module(string path) => Repository.Path($"eng/node/node_modules/{path}");
}
