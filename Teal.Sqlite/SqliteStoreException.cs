using Teal.Core.Hosting;

namespace Teal.Sqlite;

/// <summary>The embedded store cannot be used. The message says for an operator what is wrong and what to do.</summary>
public sealed class SqliteStoreException(string message, Exception? innerException = null) : StoreException(message, innerException);
