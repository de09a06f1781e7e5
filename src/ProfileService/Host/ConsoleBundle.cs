using System.Text;

namespace ProfileService.Host;

/// <summary>
/// Joins the modules of the console into one script, each after those that it imports. A module stays in a block of its own, so that equal
/// names of two modules do not meet.
/// </summary>
internal sealed class ConsoleBundle
{
    private readonly IReadOnlyDictionary<string, string> _files;
    private readonly Dictionary<string, ConsoleModule?> _joined = []; // null while a module waits for those that it imports
    private readonly StringBuilder _script = new($"const {ConsoleModule.Table} = {{}};\n");

    private ConsoleBundle(IReadOnlyDictionary<string, string> files) => _files = files;

    /// <summary>The script of a module and all that it imports.</summary>
    /// <exception cref="InvalidOperationException">
    /// A module or a name that is imported is not there, modules import each other, or <see cref="ConsoleModule"/> refuses one.
    /// </exception>
    public static string Join(IReadOnlyDictionary<string, string> files, string main)
    {
        var bundle = new ConsoleBundle(files);
        bundle.Add(main, "the page");
        return bundle._script.ToString();
    }

    private ConsoleModule Add(string path, string importer)
    {
        if (_joined.TryGetValue(path, out var known))
            return known ?? throw new InvalidOperationException($"{importer} and {path} import each other.");
        if (!_files.TryGetValue(path, out var text))
            throw new InvalidOperationException($"{importer} names {path}, which is not there.");
        _joined[path] = null;
        var module = ConsoleModule.Parse(path, text);
        foreach (var import in module.Imports)
            Check(import, Add(import.From, path), path);
        Write(module);
        return _joined[path] = module;
    }

    private static void Check(ConsoleModule.Import import, ConsoleModule from, string path)
    {
        if (import.Names.Except(from.Exports).FirstOrDefault() is { } missing)
            throw new InvalidOperationException($"{path} imports {missing} from {import.From}, which does not export it.");
    }

    private void Write(ConsoleModule module)
    {
        _script.Append($"\n// {module.Path}\n{{\n");
        foreach (var import in module.Imports)
            _script.Append($"const {{ {string.Join(", ", import.Names)} }} = {ConsoleModule.Table}['{import.From}'];\n");
        _script.Append($"{module.Code.Trim()}\n{ConsoleModule.Table}['{module.Path}'] = {{ {string.Join(", ", module.Exports)} }};\n}}\n");
    }
}
