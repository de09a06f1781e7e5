namespace ProfileService.Model;

/// <summary>An item and how well it fits a user; higher is better.</summary>
internal readonly record struct ScoredItem(string ItemId, float Score);
