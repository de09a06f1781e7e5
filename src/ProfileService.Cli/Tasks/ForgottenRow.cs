using System.Globalization;
using System.Text.Json.Nodes;

namespace ProfileService.Cli.Tasks;

/// <summary>How recognisable users are in a package.</summary>
/// <param name="LossForgotten">Mean loss of the users that it was trained on or made to forget.</param>
/// <param name="LossHeldOut">Mean loss of as many that it never saw.</param>
/// <param name="Auc">AUC of telling both apart; 0.5 is not recognisable.</param>
/// <param name="OnlyTheirs">Number of its items that nobody but the forgotten users met.</param>
internal sealed record ForgottenRow(
    string Package, int Forgotten, int HeldOut, double LossForgotten, double LossHeldOut, double Auc, double Error, int OnlyTheirs)
{
    private const int Decimals = 4;

    public static string Heading { get; } =
        $"{"package",-34}{"users",12}{"loss forgotten",16}{"loss held out",16}{"AUC",18}{"only theirs",14}";

    public static ForgottenRow Of(string package, Compared pairs, Dictionary<string, double> losses, int onlyTheirs)
    {
        var (auc, error) = pairs.Auc(losses);
        return new ForgottenRow(
            package, pairs.Forgotten.Count, pairs.Strangers.Count, Mean(pairs.Forgotten), Mean(pairs.Strangers),
            Math.Round(auc, Decimals), Math.Round(error, Decimals), onlyTheirs);

        double Mean(IEnumerable<string> users) => Math.Round(users.Average(u => losses[u]), Decimals);
    }

    public override string ToString()
    {
        var (users, auc) = ($"{Forgotten} + {HeldOut}", string.Create(CultureInfo.InvariantCulture, $"{Auc:F4} ± {Error:F4}"));
        return string.Create(
            CultureInfo.InvariantCulture, $"{Package,-34}{users,12}{LossForgotten,16:F4}{LossHeldOut,16:F4}{auc,18}{OnlyTheirs,14}");
    }

    public JsonObject Json() => new()
    {
        ["package"] = Package,
        ["forgotten"] = Forgotten,
        ["heldOut"] = HeldOut,
        ["lossForgotten"] = LossForgotten,
        ["lossHeldOut"] = LossHeldOut,
        ["auc"] = new JsonObject { ["mean"] = Auc, ["error"] = Error },
        ["onlyTheirs"] = OnlyTheirs,
    };
}
