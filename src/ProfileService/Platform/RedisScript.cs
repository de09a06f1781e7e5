using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace ProfileService.Platform;

/// <summary>
/// Reads scripts for Redis from embedded .lua files. In a file, <c>{{Class.Constant}}</c> is replaced by the value of that C# constant, so
/// that each offset and each weight is defined once.
/// </summary>
internal static partial class RedisScript
{
    private const BindingFlags Constants = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    /// <summary>Reads a script.</summary>
    /// <param name="owner">A class in the folder of the files.</param>
    /// <param name="files">Are joined in this order, because later files call functions of earlier ones.</param>
    /// <param name="classes">The classes with the constants.</param>
    /// <exception cref="InvalidOperationException">A file does not exist; or see <see cref="Fill"/>.</exception>
    public static string Load(Type owner, string[] files, params Type[] classes) =>
        Fill(string.Concat(files.Select(file => Read(owner, file))), classes);

    /// <summary>Replaces the placeholders of a text.</summary>
    /// <exception cref="InvalidOperationException">
    /// A placeholder is not a constant of these classes, or one of the classes is not used.
    /// </exception>
    public static string Fill(string text, params Type[] classes)
    {
        var used = new HashSet<Type?>();
        var filled = Placeholder().Replace(text, placeholder =>
        {
            var constant = Find(placeholder.Groups[1].Value, classes)
                ?? throw new InvalidOperationException($"No constant is named {placeholder.Value}.");
            used.Add(constant.DeclaringType);
            return Convert.ToString(constant.GetRawConstantValue(), CultureInfo.InvariantCulture)!;
        });
        return Array.Find(classes, c => !used.Contains(c)) is { } unused
            ? throw new InvalidOperationException($"No placeholder names a constant of {unused.Name}.")
            : filled;
    }

    private static FieldInfo? Find(string name, Type[] classes) =>
        name.Split('.') is [var type, var constant]
        && Array.Find(classes, c => c.Name == type)?.GetField(constant, Constants) is { IsLiteral: true } field
            ? field
            : null;

    private static string Read(Type owner, string file)
    {
        using var stream = owner.Assembly.GetManifestResourceStream(owner, file)
            ?? throw new InvalidOperationException($"There is no {file} beside {owner.Name}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"\{\{(.*?)\}\}")]
    private static partial Regex Placeholder();
}
