using ProfileService.Cli.Data;

namespace ProfileService.Cli.Tasks;

/// <summary>What <c>profiles model tasks</c> was asked for.</summary>
/// <param name="Packages">Folders.</param>
/// <param name="Attributes">File; null for those of the data, if it has any.</param>
/// <param name="Labels">File; null for none.</param>
/// <param name="Items">File; null for none.</param>
/// <param name="Json">File for the table; null for none.</param>
internal sealed record TasksOptions(
    string[] Packages, DataSource Data, Cut Cut, string? Attributes, string? Labels, string? Items, string? Json);
