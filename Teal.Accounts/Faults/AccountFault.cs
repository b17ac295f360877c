namespace Teal.Accounts.Faults;

/// <summary>Why something was not done.</summary>
/// <param name="Code">What kind of reason it is.</param>
/// <param name="Detail">A sentence that tells whoever asked what to do; it repeats no secret.</param>
public sealed record AccountFault(AccountFaultCode Code, string Detail);
