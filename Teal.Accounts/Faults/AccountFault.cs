namespace Teal.Accounts.Faults;

/// <summary>Why an account was not changed, or no secret of it made.</summary>
/// <param name="Code">What kind of reason it is.</param>
/// <param name="Detail">A sentence that tells whoever asked what to do; it repeats no secret.</param>
public sealed record AccountFault(AccountFaultCode Code, string Detail);
