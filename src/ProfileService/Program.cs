using ProfileService.Attributes;
using ProfileService.Dimensions;
using ProfileService.Events;
using ProfileService.Host;
using ProfileService.Intake;
using ProfileService.Items;
using ProfileService.Lookup;
using ProfileService.Model;
using ProfileService.Platform;
using ProfileService.Platform.Settings;
using ProfileService.Profiles;
using ProfileService.Refresh;
using ProfileService.Sentiment;
using ProfileService.Similar;
using ProfileService.Storage;
using ProfileService.Windows;

return await StartFailure.OrExplainAsync(async () =>
{
    var builder = ServiceBuilder.Create([.. args.Where(a => a != ProfileMigration.Only)]);
    builder.AddHosting().AddIntake().AddWindows().AddModel().AddSentiment().AddProfiles().AddSimilar()
        .AddItems().AddAttributes().AddDimensions().AddRefresh().AddEvents().AddLookup();
    builder.CheckSettings();
    await using var app = builder.Build();
    app.UseHosting();
    app.MapHosting();
    if (app.Configuration.Does(HostingRole.Api))
    {
        app.MapEvents();
        app.MapAttributes();
        app.MapItems();
        app.MapLookup();
        app.MapWindow();
        app.MapExplanation();
        app.MapUsers();
        app.MapRecommendations();
        app.MapPredictions();
        app.MapSimilar();
        app.MapModels();
    }

    await app.RunAsync(migrateOnly: args.Contains(ProfileMigration.Only));
});
