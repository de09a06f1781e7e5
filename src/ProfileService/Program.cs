using ProfileService.Events;
using ProfileService.Hosting;
using ProfileService.Lookup;
using ProfileService.Model;
using ProfileService.Profiles;
using ProfileService.Refresh;
using ProfileService.Windows;

var builder = WebApplication.CreateBuilder(args);
builder.AddHosting().AddWindows().AddModel().AddProfiles().AddRefresh().AddEvents().AddLookup();

var app = builder.Build();
app.UseHosting();
app.MapEvents();
app.MapLookup();
app.MapWindow();
app.MapModels();
app.MapHosting();
return await app.RunOrExplainAsync();
