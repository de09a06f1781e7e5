namespace ProfileService.Client;

/// <summary>Users whom an item fits.</summary>
/// <param name="ItemId">Which item.</param>
/// <param name="Model">Name and version of the model whose vectors were compared.</param>
/// <param name="Search"><c>exact</c>: every user was compared; <c>hnsw</c>: by an index, which may miss some.</param>
/// <param name="Users">The nearest first.</param>
public sealed record UsersOfItem(string ItemId, string Model, string Search, IReadOnlyList<SimilarUser> Users);

/// <summary>Users whom a category fits.</summary>
/// <param name="Category">Which category.</param>
/// <param name="Model">Name and version of the model whose vectors were compared.</param>
/// <param name="Search"><c>exact</c>: every user was compared; <c>hnsw</c>: by an index, which may miss some.</param>
/// <param name="Users">The nearest first.</param>
public sealed record UsersOfCategory(string Category, string Model, string Search, IReadOnlyList<SimilarUser> Users);
