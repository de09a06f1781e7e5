using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using ProfileService.Model;
using ProfileService.Platform;
using ProfileService.Sentiment;

namespace ProfileService.Host;

/// <summary><c>GET /v1/models</c>: the models in use.</summary>
internal static class ModelApi
{
    public static void MapModels(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/models", GetModels).WithTags("Service").Costs(ReadCost.Query).RequiresScopes(Scopes.ProfilesRead);

    /// <summary>Gets the models in use</summary>
    /// <remarks>
    /// The model that computes profiles and the execution provider that it runs on, and the model that scores texts.
    /// 503 with code <c>other_model</c> from a process whose package is not the active one; the detail names both.
    /// </remarks>
    /// <response code="200">The models.</response>
    private static async Task<Ok<ServiceModels>> GetModels(
        ModelSlot slot, ModelRegistry registry, SentimentScorer sentiment, ErasuresSince erasures, CancellationToken cancellationToken)
    {
        registry.ThrowUnlessActive();
        var active = slot.Current;
        var since = await erasures.CountAsync(active.Manifest.Privacy, cancellationToken);
        return TypedResults.Ok(ServiceModels.From(active, sentiment.Model, slot.WindowAdvice, since));
    }
}

/// <summary>The models of this service.</summary>
/// <param name="Active">The model that computes profiles.</param>
/// <param name="Sentiment">Name and version of the model that scores texts; left out if sentiment is switched off.</param>
internal sealed record ServiceModels(ServiceModel Active, string? Sentiment)
{
    public static ServiceModels From(
        ActiveModel active, string? sentiment = null, string? windowAdvice = null, int? erasuresSince = null) => new(new ServiceModel(
        active.Manifest.Id, active.Manifest.Name, active.Manifest.Version, active.Manifest.Dimension, active.Manifest.MaxEvents,
        active.Provider.ToString(), active.Encoder.ContentDimension, active.Items?.Vectors.Count ?? 0, active.Manifest.Metrics,
        active.Manifest.WindowRules, windowAdvice, active.Manifest.Privacy, erasuresSince), sentiment);
}

/// <summary>One model.</summary>
/// <param name="Model">Name and version, as in a profile.</param>
/// <param name="Name">Name of the package.</param>
/// <param name="Version">Version of the package.</param>
/// <param name="Dimension">Length of its vectors.</param>
/// <param name="MaxEvents">Number of events that it reads of a window.</param>
/// <param name="Provider">What it runs on.</param>
/// <param name="ContentDimension">Length of the items' content vectors that it reads; 0 if it reads none.</param>
/// <param name="ItemVectors">Number of items that it can recommend; 0 if the package has no item vectors.</param>
/// <param name="Metrics">Metrics of the training, as the package states them.</param>
/// <param name="WindowRules">The windows that the metrics were measured with; left out if the package does not say it.</param>
/// <param name="WindowAdvice">Where the windows of this service differ from them, and what to do; left out if they do not.</param>
/// <param name="Privacy">Up to which erasure of users it was trained; left out if the package does not say it.</param>
/// <param name="ErasuresSince">
/// How many users were erased since then; left out if it is not known, because the package does not say it, the ledger lacks the erasure
/// that it names, or the database does not respond.
/// </param>
internal sealed record ServiceModel(
    string Model,
    string Name,
    string Version,
    int Dimension,
    int MaxEvents,
    [OneOf("Cpu", "Cuda")] string Provider,
    int ContentDimension,
    int ItemVectors,
    JsonElement? Metrics,
    WindowRules? WindowRules,
    string? WindowAdvice,
    PrivacyManifest? Privacy,
    int? ErasuresSince);
