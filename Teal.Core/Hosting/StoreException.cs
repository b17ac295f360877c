namespace Teal.Core.Hosting;

/// <summary>What keeps states and events cannot be used.</summary>
/// <param name="message">What is wrong, for an operator; without secrets.</param>
/// <param name="innerException">What it comes from; null: nothing.</param>
public abstract class StoreException(string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>
    /// What a log says of a fault: its message where that is for an operator, else only its type, as other messages may repeat secrets.
    /// </summary>
    public static string Describe(Exception exception) =>
        exception is StoreException ? exception.Message.TrimEnd('.') : exception.GetType().Name;
}
