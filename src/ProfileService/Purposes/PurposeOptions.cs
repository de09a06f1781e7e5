using ProfileService.Platform.Settings;

namespace ProfileService.Purposes;

/// <summary>Section <c>Privacy</c>: what users' data may be used for unless they have said otherwise.</summary>
[Section("Privacy")]
internal sealed class PurposeOptions
{
    /// <summary>
    /// What the data of a user may be used for whose purposes nobody has set: any of profile, explain, similar and train, separated by
    /// commas. Empty: nothing, so that each user must have agreed. Default profile,explain,similar,train.
    /// </summary>
    public string DefaultPurposes { get; set; } = string.Join(',', PurposeNames.All);

    /// <summary>
    /// What becomes of the events and attributes of a user whose purposes do not allow a profile: <c>Refuse</c> rejects them, <c>Keep</c>
    /// stores them without refreshing the profile. Default Refuse.
    /// </summary>
    public WithoutProfile WithoutProfile { get; set; }
}

/// <summary>What becomes of what is sent of a user whose purposes do not allow a profile.</summary>
internal enum WithoutProfile
{
    Refuse,
    Keep,
}
