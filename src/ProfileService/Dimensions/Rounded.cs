namespace ProfileService.Dimensions;

/// <summary>Rounds numbers that are shown to people to 4 decimals.</summary>
internal static class Rounded
{
    public static double Of(double number) => Math.Round(number, 4);
}
