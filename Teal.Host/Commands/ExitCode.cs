namespace Teal.Host.Commands;

/// <summary>How the program ends (after BSD's sysexits).</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>Something that the message tells went wrong.</summary>
    public const int Failure = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 64;

    /// <summary>What was given cannot be taken: the server says what is wrong with it.</summary>
    public const int InvalidInput = 65;

    /// <summary>An address is taken, or otherwise cannot be listened on; or a server does not answer, or is not ready.</summary>
    public const int Unavailable = 69;

    /// <summary>The embedded store cannot be used.</summary>
    public const int StoreUnusable = 74;

    /// <summary>What a command has to say cannot be written: its disk is full, for one.</summary>
    public const int NotWritable = 74;

    /// <summary>Nobody reads what a command has to say any more: 128 and the number of SIGPIPE, as shells have it.</summary>
    public const int NobodyReads = 141;

    /// <summary>User or password were refused, or may not do what was asked for.</summary>
    public const int NotPermitted = 77;

    /// <summary>The configuration is wrong.</summary>
    public const int Configuration = 78;
}
