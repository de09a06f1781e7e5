using System.Globalization;
using System.Text.Json;
using ProfileService.Model;
using ProfileService.Platform;
using ProfileService.Windows;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Model;

public sealed class EncodingTests
{
    private static readonly ModelManifest Manifest = new("m", "1", 4, 3, new ModelInputsManifest(
        new EncodingManifest("hash", Buckets: 1_000),
        new EncodingManifest("list", Values: ["view", "cart"]),
        new EncodingManifest("vocabulary", Size: 2),
        new EncodingManifest("buckets", Bounds: [1, 60]),
        new EncodingManifest("signedLog", Scale: 2),
        [new EncodingManifest("buckets", Name: "age", Bounds: [18, 30]), new EncodingManifest("vocabulary", Name: "gender", Size: 2)]),
        default, new Dictionary<string, string>());

    private static readonly Vocabulary Vocabulary = new(
        Categories: new Dictionary<string, long> { ["shoes"] = 2, ["hats"] = 3 },
        Attributes: new Dictionary<string, IReadOnlyDictionary<string, long>> { ["gender"] = new Dictionary<string, long> { ["F"] = 2, ["M"] = 3 } });

    public static TheoryData<string, string> Numbers =>
    [
        .. File.ReadLines(Repository.Path("tests/numbers.tsv")).Where(line => !line.StartsWith('#'))
            .Select(line => line.Split('\t')).Select(cells => new TheoryDataRow<string, string>(cells[0], cells[1])),
    ];

    [Theory]
    [MemberData(nameof(Numbers))]
    public void TextIsTheNumberThatTheTableSays(string json, string expected)
    {
        var text = JsonSerializer.Deserialize<string>(json)!;
        if (expected == "unknown")
        {
            Assert.Equal(IndexEncoding.Unknown, new BucketEncoding([0]).IndexOf(text));
            return;
        }

        var number = double.Parse(expected, CultureInfo.InvariantCulture);
        Assert.Equal(IndexEncoding.First + 1, new BucketEncoding([number]).IndexOf(text));
        Assert.Equal(IndexEncoding.First, new BucketEncoding([double.BitIncrement(number)]).IndexOf(text));
    }

    [Fact]
    public void WindowIsEncodedOnTheRightOfItsRow()
    {
        var batch = Encode(5, Event(0, category: "hats", value: 1), Event(0.5, kind: "purchase", category: "new"), Event(60.5, kind: "cart", value: -1));
        Assert.Equal([0, 0, 2 + (long)(StableHash.Of("i1") % 1_000)], batch.Items.Span[..3].ToArray());
        Assert.Equal([0, 0, 2, 1, 3], batch.Kinds.ToArray());
        Assert.Equal([0, 0, 3, 1, 1], batch.Categories.ToArray());
        Assert.Equal([0, 0, 1, 2, 4], batch.Gaps.ToArray()); // the first of a window, half a second, a minute
        Assert.Equal([0, 0, (float)(Math.Log(2) / 2), 0, (float)(-Math.Log(2) / 2)], batch.Values.ToArray());
    }

    [Fact]
    public void InputThatTheModelDoesNotUseIsZeroForEveryEvent()
    {
        var none = new EncodingManifest("none");
        var batch = Encode(Manifest with { Inputs = Manifest.Inputs with { Kinds = none, Categories = none, Gaps = none, Values = none } },
            3, Event(0, category: "hats", value: 1), Event(61, kind: "stare"));
        Assert.Equal([0, 2 + (long)(StableHash.Of("i1") % 1_000), 2 + (long)(StableHash.Of("i1") % 1_000)], batch.Items.ToArray());
        Assert.Equal([0, 0, 0], batch.Kinds.ToArray());
        Assert.Equal([0, 0, 0], batch.Categories.ToArray());
        Assert.Equal([0, 0, 0], batch.Gaps.ToArray());
        Assert.Equal([0, 0, 0], batch.Values.ToArray());
    }

    [Fact]
    public void ItemsAndAttributesThatAreNotUsedAreRefusedByName()
    {
        var none = new EncodingManifest("none", Name: "age");
        Assert.Contains("inputs.items", Refusal(Manifest.Inputs with { Items = none }), StringComparison.Ordinal);
        Assert.Contains("inputs.attributes.age", Refusal(Manifest.Inputs with { Attributes = [none] }), StringComparison.Ordinal);
    }

    [Fact]
    public void OfALongerWindowTheNewestAreEncoded()
    {
        var batch = Encode(3, Event(0, kind: "cart"), Event(1), Event(2), Event(3, kind: "cart"));
        Assert.Equal([2, 2, 3], batch.Kinds.ToArray());
        Assert.Equal([1, 3, 3], batch.Gaps.ToArray());
    }

    [Theory]
    [InlineData(null, null, 0, 0)]
    [InlineData("17.9", "F", 2, 2)]
    [InlineData("18", "M", 3, 3)]
    [InlineData("99", "X", 4, 1)]
    [InlineData("old", "", 1, 1)]
    public void AttributesAreEncodedInTheSchemasOrder(string? age, string? gender, long ageIndex, long genderIndex)
    {
        var attributes = new Dictionary<string, string>();
        if (age is not null)
            attributes["age"] = age;
        if (gender is not null)
            attributes["gender"] = gender;
        var encoder = new WindowEncoder(Manifest, Vocabulary);
        var batch = new ModelInputs(2, 1, encoder.AttributeCount);
        encoder.Encode(new Window("u1", [Event()]), attributes, batch, 1);
        Assert.Equal([0, 0, ageIndex, genderIndex], batch.Attributes.ToArray());
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1e300, 10)]
    [InlineData(-1e300, -10)]
    public void ValuesAreClipped(double value, float expected) =>
        Assert.Equal(expected, ValueEncoding.Create(new EncodingManifest("linear", Scale: 1, Offset: 0)).Of(value));

    private static string Refusal(ModelInputsManifest inputs) =>
        Assert.Throws<PackageRefusedException>(() => new WindowEncoder(Manifest with { Inputs = inputs }, Vocabulary)).Message;

    private static ModelInputs Encode(int length, params WindowEvent[] events) => Encode(Manifest, length, events);

    private static ModelInputs Encode(ModelManifest manifest, int length, params WindowEvent[] events)
    {
        var encoder = new WindowEncoder(manifest, Vocabulary);
        var batch = new ModelInputs(1, length, encoder.AttributeCount);
        encoder.Encode(new Window("u1", [.. events]), new Dictionary<string, string>(), batch, 0);
        return batch;
    }
}
