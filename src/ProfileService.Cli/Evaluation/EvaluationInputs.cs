using ProfileService.Lookup;
using ProfileService.Model;

namespace ProfileService.Cli.Evaluation;

/// <summary>What an evaluation reads beside the package and the log.</summary>
/// <param name="Attributes">User → attribute → text, in the encoder's form.</param>
/// <param name="Items">Source of categories for events without one, and of content vectors; null for none.</param>
/// <param name="Feedback">Reads what events say of their items.</param>
internal sealed record EvaluationInputs(
    IReadOnlyDictionary<string, Dictionary<string, string>> Attributes, ItemLookup? Items, FeedbackReader Feedback);
