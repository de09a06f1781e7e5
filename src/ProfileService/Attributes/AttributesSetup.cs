namespace ProfileService.Attributes;

internal static class AttributesSetup
{
    public static WebApplicationBuilder AddAttributes(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<AttributeStore>().AddSingleton<AttributeParser>().AddSingleton<AttributeIntake>();
        return builder;
    }
}
