namespace Teal.Webhooks.Management;

/// <summary>The kinds of reasons for which a webhook is not changed.</summary>
public enum WebhookFaultCode
{
    /// <summary>Whoever asks may not.</summary>
    NotAllowed,

    /// <summary>There is none of that name, or it is another team's: nobody learns which.</summary>
    NotFound,

    /// <summary>What is asked for is not what it must be.</summary>
    Invalid,

    /// <summary>There are as many as there may be.</summary>
    TooMany,

    /// <summary>Another webhook has the path.</summary>
    PathTaken,

    /// <summary>It stands in the settings, and is changed there.</summary>
    OfSettings,

    /// <summary>Somebody else changed it meanwhile: it can be tried again.</summary>
    Conflict,
}
