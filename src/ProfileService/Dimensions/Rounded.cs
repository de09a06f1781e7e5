namespace ProfileService.Dimensions;

/// <summary>Numbers for people: four digits after the point.</summary>
internal static class Rounded
{
    public static double Of(double number) => Math.Round(number, 4);
}
