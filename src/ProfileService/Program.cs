using ProfileService.Aggregates;
using ProfileService.Attributes;
using ProfileService.Attribution;
using ProfileService.Auth;
using ProfileService.Beacon;
using ProfileService.Dimensions;
using ProfileService.Events;
using ProfileService.Flows;
using ProfileService.Host;
using ProfileService.Intake;
using ProfileService.Items;
using ProfileService.Kafka;
using ProfileService.Lookup;
using ProfileService.Mcp;
using ProfileService.Model;
using ProfileService.Platform;
using ProfileService.Platform.Settings;
using ProfileService.Privacy;
using ProfileService.Privacy.Export;
using ProfileService.Privacy.Merging;
using ProfileService.Privacy.Training;
using ProfileService.Profiles;
using ProfileService.Purposes;
using ProfileService.Refresh;
using ProfileService.Sentiment;
using ProfileService.Similar;
using ProfileService.Windows;

return await StartFailure.OrExplainAsync(async () =>
{
    var builder = ServiceBuilder.Create([.. args.Where(a => a != ServiceRun.MigrateOnly)]);
    builder.AddHosting().AddAuth().AddIntake().AddWindows().AddModel().AddSentiment().AddPurposes().AddProfiles().AddSimilar()
        .AddItems().AddAttributes().AddDimensions().AddRefresh().AddAttribution().AddEvents().AddBeacon().AddLookup().AddPrivacy()
        .AddAggregates().AddFlows().AddKafka().AddMcp();
    builder.Services.AddStartOrder();
    builder.CheckSettings();
    await using var app = builder.Build();
    app.UseHosting();
    app.MapHosting();
    if (app.Configuration.Does(HostingRole.Api))
    {
        var api = app.MapApi();
        api.MapEvents();
        api.MapBeacon();
        api.MapTokens();
        api.MapLookup();
        api.MapCompute();
        api.MapUsers();
        api.MapChanges();
        api.MapProfileExport();
        api.MapWindow();
        api.MapExplanation();
        api.MapRecommendations();
        api.MapBatchRank();
        api.MapPredictions();
        api.MapSimilar();
        api.MapAudiences();
        api.MapAttributes();
        api.MapMerge();
        api.MapItems();
        api.MapItemList();
        api.MapItemPatch();
        api.MapSimilarItems();
        api.MapAggregates();
        api.MapModels();
        api.MapPrivacy();
        api.MapPurposes();
        api.MapExport();
        api.MapTraining();
        app.MapMcpTools();
    }

    await app.RunAsync(migrateOnly: args.Contains(ServiceRun.MigrateOnly));
});
