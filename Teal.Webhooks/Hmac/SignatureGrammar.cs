namespace Teal.Webhooks.Hmac;

/// <summary>How signatures stand in their header.</summary>
public enum SignatureGrammar
{
    /// <summary>The header is one signature, behind <see cref="HmacForm.Prefix"/>: <c>sha256=…</c>.</summary>
    Whole,

    /// <summary>
    /// Members with names, of which <see cref="HmacForm.SignatureMember"/> are signatures and <c>t</c> or another one is the time:
    /// <c>t=1620198421,v1=…,v1=…</c>, also with semicolons.
    /// </summary>
    Members,

    /// <summary>Versions and signatures, spaces in between: <c>v1,… v1,…</c> (Standard Webhooks).</summary>
    Versions,
}
