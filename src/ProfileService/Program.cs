using ProfileService.Attributes;
using ProfileService.Dimensions;
using ProfileService.Events;
using ProfileService.Hosting;
using ProfileService.Items;
using ProfileService.Lookup;
using ProfileService.Model;
using ProfileService.Profiles;
using ProfileService.Refresh;
using ProfileService.Windows;

var migrateOnly = args.Contains(ProfileMigration.Only);

// Settings are read once; watching their folder, which may hold the data too, would cost a seventh of the time of a busy service.
var builder = WebApplication.CreateBuilder([.. args.Where(a => a != ProfileMigration.Only), "--hostBuilder:reloadConfigOnChange=false"]);
builder.AddHosting().AddWindows().AddModel().AddProfiles().AddItems().AddAttributes().AddDimensions().AddRefresh().AddEvents().AddLookup();

var app = builder.Build();
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

return await app.RunOrExplainAsync(migrateOnly);
