using Microsoft.IdentityModel.Tokens;

namespace Teal.Accounts.Issuers;

/// <summary>What is known of the key that a token names.</summary>
/// <param name="Key">The key; null: it is not known.</param>
/// <param name="Keys">The issuer's keys that it is one of.</param>
/// <param name="RetryAfter">Where the issuer did not answer: when it is asked again. Null: there is the key, or none.</param>
internal readonly record struct KeyAnswer(JsonWebKey? Key, KeySet? Keys, TimeSpan? RetryAfter);
