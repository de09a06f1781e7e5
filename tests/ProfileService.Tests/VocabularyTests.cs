using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using ProfileService.Client;
using ProfileService.Host;
using ProfileService.Storage;
using ServiceKinds = ProfileService.Windows.EventKinds;

namespace ProfileService.Tests;

/// <summary>
/// A type name means the same in the service and in its client. A name that both have must be that of one JSON object, with the same
/// members on both sides, or of one enumeration, with the same values.
/// </summary>
public sealed class VocabularyTests
{
    /// <summary>Names of types whose members differ, and why they mean the same nevertheless.</summary>
    private static readonly Dictionary<string, string> Exceptions = new()
    {
        ["EventKinds"] = "The same kinds; the service has a list of them beside, whose order is stored.",
        ["Problem"] = "The same JSON object. The client has only what it reads, and the errors that ASP.NET Core adds.",
    };

    [Fact]
    public void TypesOfTheSameNameHaveTheSameMembers()
    {
        var different = from service in TypesOf(typeof(StartOrder).Assembly)
                        join client in TypesOf(typeof(ProfileServiceClient).Assembly) on service.Name equals client.Name
                        where !AreTheSame(service, client)
                        orderby service.Name
                        select service.Name;
        Assert.Equal(Exceptions.Keys.Order(), different); // fails for an exception that is not needed, too
    }

    [Fact]
    public void RowAndJsonObjectAreNotTheSame() => Assert.False(AreTheSame(typeof(AttributesRow), typeof(UserAttributes)));

    [Fact]
    public void ClientHasAConstantForEachKindOfTheService()
    {
        var fields = typeof(EventKinds).GetFields(BindingFlags.Public | BindingFlags.Static);
        var constants = fields.Select(field => field.GetRawConstantValue());
        Assert.Equal(ServiceKinds.Known.Order(), constants.Cast<string>().Order());
    }

    private static IEnumerable<Type> TypesOf(Assembly assembly) =>
        assembly.GetTypes().Where(type => !type.IsNested && !type.IsDefined(typeof(CompilerGeneratedAttribute)));

    /// <summary>Whether two types have the same members; false if they have none, because then nothing shows it.</summary>
    private static bool AreTheSame(Type service, Type client) =>
        MembersOf(service) is { Count: > 0 } members && members.SetEquals(MembersOf(client));

    private static HashSet<string> MembersOf(Type type) => type.IsEnum
        ? [.. Enum.GetNames(type)]
        : [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => !property.IsDefined(typeof(JsonIgnoreAttribute)))
            .Select(property => property.Name)];
}
