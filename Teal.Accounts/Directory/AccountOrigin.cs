namespace Teal.Accounts.Directory;

/// <summary>Where an account is kept.</summary>
public enum AccountOrigin
{
    /// <summary>In the settings of the process: nobody changes it while it runs, but by a reload.</summary>
    Settings,

    /// <summary>In the store, where it is managed while Teal runs.</summary>
    Store,
}
