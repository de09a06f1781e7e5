using ProfileService.Host;

namespace ProfileService.Tests.ConsolePages;

/// <summary>How the console's modules become one script, and what is refused rather than joined wrongly.</summary>
public sealed class ConsoleBundleTests
{
    [Fact]
    public void EveryModuleOfTheConsoleIsInTheScriptOnceAfterThoseThatItImports()
    {
        var sources = ConsoleFiles.ReadSources();
        var script = ConsoleBundle.Join(sources, "console/main.js");
        var modules = sources.Keys.Where(path => path.EndsWith(".js", StringComparison.Ordinal)).ToList();
        Assert.All(modules, path => Assert.Equal(2, script.Split($"\n// {path}\n").Length));
        Assert.All(modules, path => Assert.All(
            ConsoleModule.Parse(path, sources[path]).Imports,
            import => Assert.True(PlaceOf(script, import.From) < PlaceOf(script, path), $"{import.From} after {path}")));
    }

    [Fact]
    public void EveryStyleSheetOfTheConsoleIsOnThePage()
    {
        var sources = ConsoleFiles.ReadSources();
        Assert.All(
            sources.Keys.Where(path => path.EndsWith(".css", StringComparison.Ordinal)),
            path => Assert.Contains($"href=\"{path}\"", sources[ConsoleFiles.Index], StringComparison.Ordinal));
    }

    [Fact]
    public void ModuleStaysInABlockOfItsOwnWithItsImportsAboveAndItsExportsBelow()
    {
        var script = Join(
            ("a.js", "// The way in.\n\nimport { most, Box } from './parts/b.js';\n\nconst own = 1;\nnew Box(most + own);\n"),
            ("parts/b.js", "export const most = 8;\nexport class Box {}\nconst own = 2;\nexport async function load() { return own; }\n"));
        Assert.Equal(
            """
            const $modules = {};

            // parts/b.js
            {
            const most = 8;
            class Box {}
            const own = 2;
            async function load() { return own; }
            $modules['parts/b.js'] = { most, Box, load };
            }

            // a.js
            {
            const { most, Box } = $modules['parts/b.js'];
            // The way in.



            const own = 1;
            new Box(most + own);
            $modules['a.js'] = {  };
            }

            """,
            script);
    }

    [Theory]
    [InlineData("import { gone } from './b.js';", "a.js imports gone from b.js, which does not export it.")]
    [InlineData("import { b as other } from './b.js';", "a.js imports b as other from b.js, which does not export it.")]
    [InlineData("import { c } from './c.js';", "a.js names c.js, which is not there.")]
    [InlineData("import { back } from './cycle.js';", "cycle.js and a.js import each other.")]
    [InlineData("import { b } from './b.js';\nconst b = 1;", "a.js has the name b twice.")]
    [InlineData("import { b } from './b.js';\nimport { b } from './d.js';", "a.js has the name b twice.")]
    [InlineData("const x = 1;\nexport function x() { }", "a.js has the name x twice.")]
    [InlineData("const x = $modules;", "a.js uses $modules, which is the bundle's own.")]
    public void WhatDoesNotFitIsRefused(string text, string reason) => Assert.Equal(reason, Refusal(text));

    [Theory]
    [InlineData("import b from './b.js';")]
    [InlineData("import * as b from './b.js';")]
    [InlineData("import './b.js';")]
    [InlineData("import {\n    b,\n} from './b.js';")]
    [InlineData("import { b } from \"./b.js\";")]
    [InlineData("import { b } from 'elsewhere';")]
    [InlineData("const b = await import('./b.js');")]
    [InlineData("const here = import.meta.url;")]
    [InlineData("export default 1;")]
    [InlineData("export let x = 1;")]
    [InlineData("export const { x } = { x: 1 };")]
    [InlineData("export function* x() { }")]
    [InlineData("export { x };")]
    [InlineData("export * from './b.js';")]
    [InlineData("const x = 1; export { x };")]
    public void FormThatIsNotJoinedIsRefused(string text) =>
        Assert.StartsWith("a.js has a form of import or export that is not joined: ", Refusal(text), StringComparison.Ordinal);

    private static string Refusal(string text) => Assert.Throws<InvalidOperationException>(() => Join(
        ("a.js", text), ("b.js", "export const b = 1;"), ("d.js", "export const b = 2;"),
        ("cycle.js", "import { a } from './a.js';\nexport const back = a;"))).Message;

    private static string Join(params (string Path, string Text)[] files) =>
        ConsoleBundle.Join(files.ToDictionary(file => file.Path, file => file.Text), "a.js");

    private static int PlaceOf(string script, string path) => script.IndexOf($"\n// {path}\n", StringComparison.Ordinal);
}
