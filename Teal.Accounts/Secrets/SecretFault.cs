namespace Teal.Accounts.Secrets;

/// <summary>Why no secret was made.</summary>
/// <param name="Code">What kind of reason it is.</param>
/// <param name="Detail">A sentence that tells whoever asked what to do; it repeats no secret.</param>
public sealed record SecretFault(SecretFaultCode Code, string Detail);
