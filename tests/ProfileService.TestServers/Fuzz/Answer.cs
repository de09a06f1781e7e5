namespace ProfileService.TestServers.Fuzz;

/// <summary>An answer as it came over the wire.</summary>
/// <param name="Headers">By name in lower case; the first of each.</param>
internal sealed record Answer(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body, TimeSpan Took)
{
    public bool Closes => Header("connection").Contains("close", StringComparison.OrdinalIgnoreCase);

    public string Header(string name) => Headers.GetValueOrDefault(name, "");
}
