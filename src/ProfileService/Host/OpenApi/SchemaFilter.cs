using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using ProfileService.Platform;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ProfileService.Host.OpenApi;

/// <summary>
/// Describes the values of fields and parameters from their attributes. Fields that always have a value are required; the others are left
/// out of a response if they have none, so that no field is null. Whole numbers are counts, and therefore 0 or more.
/// </summary>
internal sealed class SchemaFilter : ISchemaFilter
{
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is not OpenApiSchema own)
            return;
        if (context.MemberInfo is PropertyInfo property)
            Describe(own, RulesOf(property));
        else if (context.ParameterInfo is { } parameter)
            Describe(own, parameter.GetCustomAttributes());
        else if (own.Properties is { Count: > 0 })
            Require(own, context.Type);
    }

    public static OpenApiSchema Text(TextRuleAttribute rule)
    {
        var text = new OpenApiSchema { Type = JsonSchemaType.String };
        Describe(text, rule);
        return text;
    }

    public static OpenApiSchema ArrayOf(SomeOfAttribute words) => new()
    {
        Type = JsonSchemaType.Array,
        Items = new OpenApiSchema { Type = JsonSchemaType.String, Enum = [.. words.Words.Select(word => JsonValue.Create(word))] },
        MinItems = 1,
    };

    private static void Describe(OpenApiSchema schema, IEnumerable<Attribute> rules)
    {
        schema.Type &= ~JsonSchemaType.Null;
        schema.ReadOnly = false;
        if (schema.Type == JsonSchemaType.Integer)
            schema.Minimum ??= "0";
        foreach (var rule in rules)
            Describe(schema, rule);
    }

    private static void Describe(OpenApiSchema schema, Attribute rule)
    {
        switch (rule)
        {
            case TextRuleAttribute text:
                var target = schema.Items as OpenApiSchema ?? schema;
                target.MinLength = text.MinLength > 0 ? text.MinLength : null;
                (target.MaxLength, target.Pattern) = (text.MaxLength, text.Pattern);
                break;
            case OneOfAttribute words:
                schema.Enum = [.. words.Words.Select(word => JsonValue.Create(word))];
                break;
            case OrNullAttribute:
                schema.Type |= JsonSchemaType.Null;
                break;
            case RangeAttribute range:
                (schema.Minimum, schema.Maximum) = (Number(range.Minimum), Number(range.Maximum));
                break;
            case LengthAttribute length:
                (schema.MinItems, schema.MaxItems) = (length.MinimumLength, length.MaximumLength);
                break;
            case MaxLengthAttribute most:
                schema.MaxItems = most.Length;
                break;
            case DefaultValueAttribute value:
                schema.Default = JsonNode.Parse((string)value.Value!);
                break;
        }
    }

    private static string? Number(object bound) =>
        bound is double.PositiveInfinity ? null : Convert.ToString(bound, CultureInfo.InvariantCulture);

    private static void Require(OpenApiSchema schema, Type type)
    {
        var nullability = new NullabilityInfoContext(); // not for several threads at once
        schema.AdditionalPropertiesAllowed = true;
        schema.Required = type.GetProperties()
            .Where(p => schema.Properties!.ContainsKey(NameOf(p)) && nullability.Create(p).ReadState == NullabilityState.NotNull)
            .Where(p => !RulesOf(p).OfType<DefaultValueAttribute>().Any())
            .Select(NameOf).ToHashSet();
    }

    private static string NameOf(PropertyInfo property) => JsonNamingPolicy.CamelCase.ConvertName(property.Name);

    /// <summary>The attributes of a property; for a record, those of the constructor's parameter.</summary>
    private static IEnumerable<Attribute> RulesOf(PropertyInfo property)
    {
        var parameters = property.DeclaringType!.GetConstructors().SelectMany(c => c.GetParameters());
        return parameters.FirstOrDefault(p => p.Name == property.Name)?.GetCustomAttributes() ?? property.GetCustomAttributes();
    }
}
