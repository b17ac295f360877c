namespace Teal.Dispatcher.Commands;

/// <summary>Why a message was not done.</summary>
/// <param name="Code">What kind of fault it is.</param>
/// <param name="Detail">A sentence that tells the client's author what to do; it repeats nothing of the message.</param>
internal sealed record CommandFault(CommandFaultCode Code, string Detail);
