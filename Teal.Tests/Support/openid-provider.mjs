// An OpenID provider (oidc-provider, certified) with one client, whose end users all exist. Each says by its name whether it agrees.
// Arguments: the folder where the package is installed, the client's redirect URI, and its client notification endpoint.
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [folder, redirectUri, notificationEndpoint] = process.argv.slice(2);
const { Provider, errors } = await import(pathToFileURL(createRequire(`${folder}/`).resolve("oidc-provider")));

const client = {
  client_id: "teal",
  client_secret: "secret",
  redirect_uris: [redirectUri],
  grant_types: ["authorization_code", "urn:openid:params:grant-type:ciba"],
  backchannel_token_delivery_mode: "ping",
  backchannel_client_notification_endpoint: notificationEndpoint,
};

const configuration = {
  clients: [client],
  cookies: { keys: ["key"] },
  findAccount: (_, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  // The provider's dispatcher connects to no loopback address, and the test has no other. Without it certificates are checked all the same.
  fetch: (url, { dispatcher, ...options }) => fetch(url, options),
  features: {
    devInteractions: { enabled: false },
    jwtResponseModes: { enabled: true },
    ciba: {
      enabled: true,
      deliveryModes: ["ping"],
      processLoginHint: (_, hint) => hint,
      // The end user answers when the test says so.
      triggerAuthenticationDevice: () => {},
      validateBindingMessage: () => {},
      validateRequestContext: () => {},
      verifyUserCode: () => {},
    },
  },
};

// The port is the system's choice, and the issuer must be known to the provider from the start.
const server = createServer();
await new Promise(resolve => server.listen(0, "127.0.0.1", resolve));
const issuer = `http://127.0.0.1:${server.address().port}`;
const provider = new Provider(issuer, configuration);
const answerOpenId = provider.callback();
provider.on("server_error", (_, error) => console.error(error));
provider.on("authorization.error", (_, error) => console.error(error.message, error.error_description));

const grant = accountId => {
  const grant = new provider.Grant({ accountId, clientId: client.client_id });
  grant.addOIDCScope("openid");
  return grant.save();
};

// The pages where an end user logs in and consents, as if both were done at once.
const interact = async (request, response) => {
  const { params } = await provider.interactionDetails(request, response);
  const accountId = params.login_hint;
  const result = accountId === "denies"
    ? { error: "access_denied", error_description: "The end user said no" }
    : { login: { accountId }, consent: { grantId: await grant(accountId) } };
  await provider.interactionFinished(request, response, result);
};

// The end user's answer at the authentication device. The provider has pinged the client, and is content, when this is answered with 204.
const finish = async (requestId, response) => {
  const { accountId } = await provider.BackchannelAuthenticationRequest.find(requestId);
  const result = accountId === "denies" ? new errors.AccessDenied("The end user said no") : await grant(accountId);
  await provider.backchannelResult(requestId, result);
  response.writeHead(204).end();
};

server.on("request", async (request, response) => {
  try {
    const [, page, id] = request.url.split("/");
    if (page === "interaction") await interact(request, response);
    else if (page === "finish") await finish(id, response);
    else await answerOpenId(request, response);
  } catch (error) {
    console.error(error);
    response.writeHead(500).end();
  }
});
console.log(`issuer: ${issuer}`);
